import { expect, test } from 'vitest';
import { SuiteBudget } from './suite-budget.ts';

test('cases that run side by side have equal parts, and what one does not spend is there for the next', async () => {
  const budget = new SuiteBudget(1, 4);
  expect(await Promise.all([budget.borrow(), budget.borrow(), budget.borrow(), budget.borrow()])).toEqual([0.25, 0.25, 0.25, 0.25]);
  budget.giveBack(0.25, 0.05);
  expect(await budget.borrow()).toBeCloseTo(0.2);
});

test('a case waits for what the dearest has cost, as long as others may give something back', async () => {
  const budget = new SuiteBudget(1, 2);
  await budget.borrow();
  const other = (await budget.borrow()) as number;
  budget.giveBack(0.5, 0.4);
  let begun: number | undefined;
  const third = budget.borrow().then((usd) => (begun = usd));
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(begun).toBeUndefined();
  budget.giveBack(other, 0.1);
  await third;
  expect(begun).toBeCloseTo(0.4);
});

test('none is begun that could only be ended by the budget', async () => {
  const budget = new SuiteBudget(1, 1);
  budget.giveBack((await budget.borrow()) as number, 0.6);
  expect(await budget.borrow()).toBeUndefined();
  expect(budget.usedUp).toBe('it was not run: of the budget of $1 $0.4000 is left, and a case before it cost up to $0.6000');
});

test('no more is lent than there is, whatever cases say that they have spent', async () => {
  const budget = new SuiteBudget(1, 1);
  budget.giveBack((await budget.borrow()) as number, Infinity);
  expect(await budget.borrow()).toBeUndefined();
});
