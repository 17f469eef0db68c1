/** One call as the parts of its page share it: what is told of it, where one listens, and whose colour is whose. */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { RunDocument, Speaker, TurnStory } from '../../metrics/pages/run-document.ts';
import { Player } from './player.ts';

/** Somebody who wants to hear a turn wants to hear it come. */
const LEAD_MS = 300;

export class Call {
  readonly told: RunDocument;
  readonly player: Player;
  /** The turn that is heard at the moment, or was last. */
  readonly turn: ReadonlySignal<TurnStory | undefined>;

  constructor(told: RunDocument) {
    this.told = told;
    this.player = new Player(told.sound, told.callMs);
    this.turn = computed(() => told.turns.findLast(({ startMs }) => startMs - LEAD_MS <= this.player.positionMs.value));
  }

  sideOf(name: string): Speaker['side'] {
    return this.told.speakers.find((speaker) => speaker.name === name)?.side ?? 'guest';
  }

  hearTurn({ startMs }: TurnStory): void {
    this.player.play(Math.max(0, startMs - LEAD_MS));
  }

  /** Goes so many turns on, without beginning to play. */
  step(by: 1 | -1): void {
    const { turns } = this.told;
    const now = this.turn.value;
    const next = turns[now === undefined ? 0 : Math.min(turns.length - 1, Math.max(0, now.number - 1 + by))];
    if (next) this.player.seek(Math.max(0, next.startMs - LEAD_MS + 1));
  }

  /** `#t=12.4` or `#turn-7` in the address: a moment that somebody pointed at. */
  goTo(hash: string): void {
    const [, at, number] = /^#(?:t=(\d+(?:\.\d+)?)|turn-(\d+))$/.exec(hash) ?? [];
    if (at !== undefined) this.player.seek(Number(at) * 1000);
    const turn = this.told.turns[Number(number) - 1];
    if (turn) this.player.seek(Math.max(0, turn.startMs - LEAD_MS + 1));
  }
}

/** The address of a moment within the page. */
export function momentLink(ms: number): string {
  return `#t=${(Math.max(0, ms) / 1000).toFixed(3).replace(/\.?0+$/, '')}`;
}
