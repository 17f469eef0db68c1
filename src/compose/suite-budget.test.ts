import { expect, test } from 'vitest';
import { SuiteBudget } from './suite-budget.ts';

test('cases that run side by side have equal parts, and what one does not spend is there for the next', async () => {
  const budget = new SuiteBudget(1, 4);
  expect(await Promise.all([budget.borrow(), budget.borrow(), budget.borrow(), budget.borrow()])).toEqual([0.25, 0.25, 0.25, 0.25]);
  budget.giveBack(0.25, { spentUsd: 0.05, usedUp: false });
  expect(await budget.borrow()).toBeCloseTo(0.2);
});

test('a case waits for what the dearest has cost, as long as others may give something back', async () => {
  const budget = new SuiteBudget(1, 2);
  await budget.borrow();
  const other = (await budget.borrow()) as number;
  budget.giveBack(0.5, { spentUsd: 0.4, usedUp: false });
  let begun: number | undefined;
  const third = budget.borrow().then((usd) => (begun = usd));
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(begun).toBeUndefined();
  budget.giveBack(other, { spentUsd: 0.1, usedUp: false });
  await third;
  expect(begun).toBeCloseTo(0.4);
});

test('after a part that did not suffice, the next case has more, and others wait for it', async () => {
  const budget = new SuiteBudget(1, 2);
  const first = (await budget.borrow()) as number;
  await budget.borrow();
  budget.giveBack(first, { spentUsd: 0.1, usedUp: true });
  let begun: number | undefined;
  const third = budget.borrow().then((usd) => (begun = usd));
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(begun).toBeUndefined();
  budget.giveBack(0.5, { spentUsd: 0.05, usedUp: false });
  await third;
  expect(begun).toBeCloseTo(0.75);
});

test('none is begun that could only be ended by the budget', async () => {
  const budget = new SuiteBudget(1, 1);
  budget.giveBack((await budget.borrow()) as number, { spentUsd: 0.6, usedUp: false });
  expect(await budget.borrow()).toBeUndefined();
  expect(budget.usedUp).toBe('it was not run: $0.4000 of the budget of $1 is left, and a case may need $0.6000');
});

test('no more is lent than there is, whatever cases say that they have spent', async () => {
  const budget = new SuiteBudget(1, 1);
  budget.giveBack((await budget.borrow()) as number, { spentUsd: Infinity, usedUp: false });
  expect(await budget.borrow()).toBeUndefined();
});
