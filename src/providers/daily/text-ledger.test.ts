import { expect, test } from 'vitest';
import type { PageTranscript } from './page-messages.ts';
import { TextLedger } from './text-ledger.ts';

test('a text is news once, whoever brings it first, and again when it is said again', () => {
  const ledger = new TextLedger();
  const [nora, leo] = [{}, {}];
  const said = (text: string, startSecs?: number): PageTranscript => ({
    participant: 'max',
    text,
    final: true,
    span: startSecs === undefined ? null : { startSecs, durationSecs: 1 },
  });
  expect([ledger.isNews(leo, said('yes', 1)), ledger.isNews(nora, { ...said('yes', 1), participant: 'max by another id' })]).toEqual([true, false]);
  expect([ledger.isNews(nora, said('yes', 5)), ledger.isNews(leo, said('yes', 5))]).toEqual([true, false]);
  expect([leo, nora, leo, nora].map((seat) => ledger.isNews(seat, said('no')))).toEqual([true, false, true, false]);
});
