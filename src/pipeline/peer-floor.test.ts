import { expect, it } from 'vitest';
import { PeerFloor } from './peer-floor.ts';

it('adds speech up over pauses and turns, and has its words', () => {
  const floor = new PeerFloor();
  expect(floor.now(500, '')).toBeUndefined();
  floor.speechStarted(1000);
  expect(floor.now(1600, 'well')).toEqual({ speechMs: 600, text: 'well' });
  floor.speechStopped(2000);
  expect(floor.now(2500, 'well')).toBeUndefined();
  floor.turnStopped('well then');
  floor.turnStopped('');
  floor.speechStarted(3000);
  expect(floor.now(3500, 'so')).toEqual({ speechMs: 1500, text: 'well then so' });
});

it('begins anew when the agent is heard, also in the middle of speech', () => {
  const floor = new PeerFloor();
  floor.speechStarted(1000);
  floor.turnStopped('well');
  floor.lost(1500);
  expect(floor.now(2000, '')).toEqual({ speechMs: 500, text: '' });
  floor.speechStopped(2100);
  floor.lost(2200);
  floor.speechStarted(3000);
  expect(floor.now(3100, '')).toEqual({ speechMs: 100, text: '' });
});

it('counts nothing twice when speech had ended before the agent was heard', () => {
  const floor = new PeerFloor();
  floor.speechStarted(1000);
  floor.lost(1500);
  // The VAD says only now that speech had ended before.
  floor.speechStopped(1400);
  floor.speechStarted(3000);
  expect(floor.now(3100, '')).toEqual({ speechMs: 100, text: '' });
});
