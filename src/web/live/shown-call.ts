/**
 * A call as far as the page shows it. What the server tells is kept until the playhead is there, so that what is lit is
 * what is heard. Shows nothing earlier and forgets nothing.
 */
import type { BottalkEvent } from '../../events/event.ts';
import { type CallView, ViewState } from '../../metrics/call-view.ts';
import type { CheckResult } from '../../metrics/checks/check.ts';
import type { LiveEnding, LiveRun } from '../parts/live-messages.ts';

type Told =
  | { readonly kind: 'event'; readonly event: BottalkEvent }
  | { readonly kind: 'check'; readonly check: CheckResult }
  | { readonly kind: 'ended'; readonly ending: LiveEnding };

export class ShownCall {
  readonly run: LiveRun;
  readonly #state = new ViewState();
  readonly #checks = new Map<number, CheckResult>();
  readonly #waiting: { readonly atMs: number; readonly told: Told }[] = [];
  #next = 0;
  #knownMs = 0;
  #ending: LiveEnding | null = null;

  constructor(run: LiveRun) {
    this.run = run;
  }

  tell(told: Told): void {
    if (told.kind === 'event') this.#knownMs = Math.max(this.#knownMs, told.event.atMs);
    // What has no time of its own is so of all that was told before it.
    this.#waiting.push({ atMs: this.#knownMs, told });
  }

  /** Shows everything up to this moment of the call; whether that was anything new. */
  showUntil(callMs: number): boolean {
    const before = this.#next;
    for (;;) {
      const next = this.#waiting[this.#next];
      if (!next || next.atMs > callMs) return this.#next > before;
      this.#show(next.told);
      this.#next += 1;
    }
  }

  get view(): CallView {
    return this.#state.view;
  }

  get checks(): ReadonlyMap<number, CheckResult> {
    return new Map(this.#checks);
  }

  /** Null until the end is shown. */
  get ending(): LiveEnding | null {
    return this.#ending;
  }

  #show(told: Told): void {
    switch (told.kind) {
      case 'event':
        return this.#state.event(told.event);
      case 'check':
        this.#checks.set(told.check.index, told.check);
        return;
      case 'ended':
        this.#ending = told.ending;
        for (const check of told.ending.checks) this.#checks.set(check.index, check);
    }
  }
}
