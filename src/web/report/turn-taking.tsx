/** Who held the floor when, close up: every turn as a block, the silence before it or the talking over in milliseconds. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { effect } from '@preact/signals';
import { counted } from '../../base/figure-text.ts';
import { milliseconds, percent, tenthTime } from '../parts/figures.ts';
import type { Call } from './call.ts';

const PIXELS_PER_SECOND = 44;

export function TurnTaking({ call }: { readonly call: Call }) {
  const { told } = call;
  const { conversation } = told.metrics;
  const strip = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  useLayoutEffect(
    () =>
      effect(() => {
        const left = x(call.player.positionMs.value);
        if (head.current) head.current.style.transform = `translateX(${left}px)`;
        const box = strip.current;
        if (!box || !call.player.playing.value) return;
        const isSeen = left >= box.scrollLeft + 40 && left <= box.scrollLeft + box.clientWidth * 0.8;
        if (!isSeen) box.scrollLeft = left - box.clientWidth * 0.2;
      }),
    [call],
  );
  return (
    <section class="panel" aria-labelledby="turn-taking">
      <div class="panel-head">
        <h2 id="turn-taking">Turn-taking</h2>
        <p class="faint">
          {counted(conversation.interruptions, 'interruption')}, both spoke for {conversation.talk_over_secs.toFixed(1)} s ({percent(conversation.talk_over_share)}),{' '}
          {conversation.dead_air.count === 0 ? 'no silence over 3 s' : `${counted(conversation.dead_air.count, 'silence')} over 3 s, the longest ${conversation.dead_air.longest_secs.toFixed(1)} s`}
        </p>
      </div>
      <div class="strip" ref={strip} tabIndex={0} role="group" aria-label="Turns over time; scrolls sideways">
        <div class="strip-inside" style={{ width: `${x(told.callMs) + 24}px` }} onClick={(event) => seek(event, call)}>
          {Array.from({ length: Math.floor(told.callMs / 5000) + 1 }, (_, i) => (
            <span class="strip-tick" style={{ left: `${x(i * 5000)}px` }}>
              {tenthTime(i * 5000).slice(0, -2)}
            </span>
          ))}
          {told.silences.map(([startMs, endMs]) => (
            <span class="strip-silence" title={`nobody spoke for ${((endMs - startMs) / 1000).toFixed(1)} s`} style={{ left: `${x(startMs)}px`, width: `${x(endMs - startMs)}px` }} />
          ))}
          {told.lines.flatMap(({ speaker, segments, kind }) =>
            segments.map(([startMs, endMs]) => (
              <span class={`strip-speech ${call.sideOf(speaker)} ${kind}`} style={{ left: `${x(startMs)}px`, width: `${Math.max(2, x(endMs - startMs))}px` }} />
            )),
          )}
          {told.lines.map(({ speaker, startMs, endMs, words, cut }) => (
            <span class={`strip-text ${call.sideOf(speaker)} ${cut ? 'is-cut' : ''}`} style={{ left: `${x(startMs)}px`, width: `${Math.max(2, x(endMs - startMs))}px` }}>
              {words.map(([text]) => text).join(' ')}
            </span>
          ))}
          {told.overlaps.map(([startMs, endMs]) => (
            <span class="strip-overlap" title={`both spoke for ${milliseconds(endMs - startMs)} ms`} style={{ left: `${x(startMs)}px`, width: `${Math.max(2, x(endMs - startMs))}px` }} />
          ))}
          {told.turns.flatMap(({ startMs, gapMs }) =>
            gapMs === null ? [] : [<span class={`strip-gap ${gapMs < 0 ? 'over' : ''}`} style={{ left: `${x(startMs - Math.max(0, gapMs) / 2)}px` }}>{gapMs < 0 ? `−${-gapMs}` : gapMs}</span>],
          )}
          <div class="strip-head" ref={head} />
        </div>
      </div>
      <p class="legend faint">
        Between the lanes: milliseconds from the end of one turn to the start of the next, as heard. Negative is talking over. Orange: both
        speak. Hatched: nobody does for longer than three seconds.
      </p>
    </section>
  );
}

function x(ms: number): number {
  return (ms / 1000) * PIXELS_PER_SECOND;
}

function seek(event: MouseEvent, { player }: Call): void {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  player.play(((event.clientX - box.left) / PIXELS_PER_SECOND) * 1000);
}
