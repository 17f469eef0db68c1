import { describe, expect, test } from 'vitest';
import { followed, type Key, PLAYER_START, type PlayerEffect, type PlayerState, pressed } from './player.ts';

const over = { turnStartsMs: [0, 5000, 9000, 14_000, 20_000, 26_000, 30_000], over: true };
const live = { ...over, over: false };

function press(keys: readonly Key[], facts = over, state: PlayerState = PLAYER_START): { state: PlayerState; effects: PlayerEffect[] } {
  return keys.reduce<{ state: PlayerState; effects: PlayerEffect[] }>(
    (last, key) => {
      const step = pressed(last.state, key, facts);
      return { state: step.state, effects: [...last.effects, ...step.effects] };
    },
    { state, effects: [] },
  );
}

describe('moving', () => {
  test('goes by turn and by five turns, and stops at both ends', () => {
    expect(press(['up']).state.chosen).toBe(6);
    expect(press(['up', 'up']).state.chosen).toBe(5);
    expect(press(['page_up']).state.chosen).toBe(2);
    expect(press(['home', 'up']).state.chosen).toBe(0);
    expect(press(['home', 'page_down']).state.chosen).toBe(5);
    expect(press(['home', 'end', 'down']).state.chosen).toBe('end');
  });

  test('in an empty call there is nothing to choose or to open', () => {
    expect(press(['up', 'enter'], { turnStartsMs: [], over: true }).state).toEqual({ ...PLAYER_START, chosen: 'end' });
  });

  test('an open trace moves to the neighbour turn, and never to the end, which has none', () => {
    expect(press(['enter']).state).toMatchObject({ open: 'trace', chosen: 6 });
    expect(press(['enter', 'up']).state).toMatchObject({ open: 'trace', chosen: 5 });
    expect(press(['enter', 'down', 'end']).state).toMatchObject({ open: 'trace', chosen: 6 });
  });

  test('a long trace is scrolled by page, and begins anew for another turn', () => {
    expect(press(['enter', 'page_down']).state.scrollRows).toBe(5);
    expect(press(['enter', 'page_down', 'page_up', 'page_up']).state.scrollRows).toBe(0);
    expect(press(['enter', 'page_down', 'up']).state.scrollRows).toBe(0);
  });
});

describe('opening', () => {
  test('Enter opens and closes the trace, Escape closes, ? opens and closes the keys', () => {
    expect(press(['enter', 'enter']).state.open).toBe('conversation');
    expect(press(['enter', 'escape']).state.open).toBe('conversation');
    expect(press(['help']).state.open).toBe('keys');
    expect(press(['help', 'help']).state.open).toBe('conversation');
  });
});

describe('playing', () => {
  test('begins at the chosen turn; at the end, with the whole call', () => {
    expect(press(['home', 'down', 'play'])).toEqual({ state: { ...PLAYER_START, chosen: 1, playback: 'playing' }, effects: [{ kind: 'play', fromMs: 5000 }] });
    expect(press(['play']).effects).toEqual([{ kind: 'play', fromMs: 0 }]);
  });

  test('Space pauses and goes on, any other key stops', () => {
    expect(press(['play', 'space', 'space']).effects.slice(1)).toEqual([{ kind: 'pause' }, { kind: 'resume' }]);
    for (const key of ['other', 'escape', 'up', 'enter', 'help'] as const) expect(press(['play', key]).effects.at(-1)).toEqual({ kind: 'stop' });
    expect(press(['space']).effects).toEqual([]);
  });

  test('chooses the turn that is heard', () => {
    expect(followed(PLAYER_START, 14_500, over).chosen).toBe(3);
    expect(followed(PLAYER_START, 0, over).chosen).toBe(0);
  });

  test('waits for the call to be over', () => {
    expect(press(['play'], live).effects).toEqual([]);
  });
});

describe('leaving', () => {
  test('q and Ctrl-C leave the player', () => {
    expect(press(['quit']).effects).toEqual([{ kind: 'leave' }]);
    expect(press(['interrupt']).effects).toEqual([{ kind: 'leave' }]);
  });

  test('while the call runs they ask for its end', () => {
    expect(press(['quit'], live).effects).toEqual([{ kind: 'cancel' }]);
    expect(press(['interrupt'], live).effects).toEqual([{ kind: 'interrupt' }]);
  });
});
