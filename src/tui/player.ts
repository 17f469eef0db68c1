/**
 * The keys: a pure step from what is chosen and open to what is chosen and open next, and what the screen has to do
 * about it. It makes no sound and knows no wall time.
 */

export type Key =
  | 'up'
  | 'down'
  | 'page_up'
  | 'page_down'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'space'
  | 'play'
  | 'help'
  | 'quit'
  | 'interrupt'
  | 'other';

export type PlayerState = {
  /** A turn by its index, or the end: the newest words, or the summary. */
  readonly chosen: number | 'end';
  readonly open: 'conversation' | 'trace' | 'keys';
  /** Rows that an open trace is scrolled down; drawing limits it to what there is. */
  readonly scrollRows: number;
  readonly playback: 'stopped' | 'playing' | 'paused';
};

/** What the keys act on. */
export type PlayerFacts = {
  readonly turnStartsMs: readonly number[];
  readonly over: boolean;
};

/** What a key asks of the screen, beside the new state. */
export type PlayerEffect =
  | { readonly kind: 'leave' }
  /** End the call in good order; said once, however often the key is pressed. */
  | { readonly kind: 'cancel' }
  /** Ctrl-C while the call runs: each one counts. */
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'play'; readonly fromMs: number }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'stop' };

export type PlayerStep = { readonly state: PlayerState; readonly effects: readonly PlayerEffect[] };

export const PLAYER_START: PlayerState = { chosen: 'end', open: 'conversation', scrollRows: 0, playback: 'stopped' };

/** Turns that PageUp and PageDown move by, and rows of an open trace. */
const PAGE = 5;

export function pressed(state: PlayerState, key: Key, facts: PlayerFacts): PlayerStep {
  if (key === 'interrupt' || key === 'quit') {
    return { state, effects: [{ kind: facts.over ? 'leave' : key === 'interrupt' ? 'interrupt' : 'cancel' }] };
  }
  if (key === 'space' && state.playback !== 'stopped') {
    const paused = state.playback === 'playing';
    return { state: { ...state, playback: paused ? 'paused' : 'playing' }, effects: [{ kind: paused ? 'pause' : 'resume' }] };
  }
  if (key === 'play' && facts.over) {
    const fromMs = state.chosen === 'end' ? 0 : (facts.turnStartsMs[state.chosen] ?? 0);
    return { state: { ...state, open: 'conversation', playback: 'playing' }, effects: [{ kind: 'play', fromMs }] };
  }
  const next = { ...moved(state, key, facts.turnStartsMs.length), playback: 'stopped' as const };
  return { state: next, effects: state.playback === 'stopped' ? [] : [{ kind: 'stop' }] };
}

/** While the call plays, the turn that is heard is the chosen one. */
export function followed(state: PlayerState, playheadMs: number, facts: PlayerFacts): PlayerState {
  const heard = facts.turnStartsMs.findLastIndex((startMs) => startMs <= playheadMs);
  return { ...state, chosen: Math.max(0, heard) };
}

function moved(state: PlayerState, key: Exclude<Key, 'interrupt' | 'quit'>, turns: number): PlayerState {
  const at = state.chosen === 'end' ? turns : state.chosen;
  // A trace is always of some turn; the end has none.
  const last = state.open === 'trace' ? turns - 1 : turns;
  const choose = (index: number): PlayerState => ({
    ...state,
    scrollRows: 0,
    chosen: turns === 0 || (index >= turns && last === turns) ? 'end' : Math.max(0, Math.min(index, last)),
  });
  switch (key) {
    case 'up':
      return choose(at - 1);
    case 'down':
      return choose(at + 1);
    case 'page_up':
      return state.open === 'trace' ? { ...state, scrollRows: Math.max(0, state.scrollRows - PAGE) } : choose(at - PAGE);
    case 'page_down':
      return state.open === 'trace' ? { ...state, scrollRows: state.scrollRows + PAGE } : choose(at + PAGE);
    case 'home':
      return choose(0);
    case 'end':
      return choose(turns);
    case 'enter':
      if (state.open !== 'conversation') return { ...state, open: 'conversation' };
      return turns === 0 ? state : { ...state, chosen: Math.min(at, turns - 1), open: 'trace', scrollRows: 0 };
    case 'escape':
      return { ...state, open: 'conversation' };
    case 'help':
      return { ...state, open: state.open === 'keys' ? 'conversation' : 'keys' };
    case 'space':
    case 'play':
    case 'other':
      return state;
  }
}
