/**
 * The conversation as it is heard: turns with what their listener waited, asides between them, and the words that the
 * room is only just making out. Speech that was cut ends where it was heard to end; what was never said is struck out.
 */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { clockTime } from '../../base/figure-text.ts';
import type { CallView, ItemView, SaidView } from '../../metrics/call-view.ts';
import { LatencyBar } from '../parts/latency-bar.tsx';

/** Bars are compared from turn to turn, so they have one scale; longer waits make it longer. */
const LEAST_SCALE_MS = 2_500;
/** So near to its end a reader follows it. */
const FOLLOW_PX = 80;

export function Transcript({ view }: { readonly view: CallView }): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    if (follows.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  });
  useEffect(() => {
    const shown = list.current;
    if (!shown) return undefined;
    const observer = new ResizeObserver(() => {
      if (follows.current) shown.scrollTop = shown.scrollHeight;
    });
    observer.observe(shown);
    return () => observer.disconnect();
  }, []);
  const longestMs = Math.max(LEAST_SCALE_MS, ...view.turns.map(({ stages }) => stages.heardMs ?? 0));
  const onScroll = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: { readonly currentTarget: HTMLOListElement }): void => {
    follows.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
  };
  return (
    // It can be scrolled, so the keyboard has to reach it.
    <ol class="transcript" ref={list} onScroll={onScroll} tabIndex={0} aria-label="Conversation">
      {view.items.map((item) => (
        <Item key={keyOf(item)} item={item} longestMs={longestMs} />
      ))}
    </ol>
  );
}

function Item({ item, longestMs }: { readonly item: ItemView; readonly longestMs: number }): JSX.Element {
  if (item.kind === 'aside') {
    const { said } = item;
    return (
      <li class={`said aside ${hueOf(said.seat)}`}>
        <span class="said-at">{clockTime(said.utterance.startMs)}</span>
        <span class="said-by speaker" title={said.utterance.agent}>
          {said.utterance.agent}
        </span>
        <p class="said-words">
          <Words said={said} />
        </p>
      </li>
    );
  }
  const { turn, seat, said, stages } = item.turn;
  const isLive = turn.endMs === null;
  return (
    <li class={`said turn ${hueOf(seat)}${isLive ? ' live' : ''}`}>
      <span class="said-at">{clockTime(turn.startMs)}</span>
      <span class="said-by speaker" title={turn.agent}>
        {turn.agent}
      </span>
      <p class="said-words">
        {said.map((one) => (
          <Words key={one.utterance.utteranceId} said={one} />
        ))}
      </p>
      <span class="said-latency">{stages.heardMs !== null && <LatencyBar stages={stages} longestMs={longestMs} />}</span>
    </li>
  );
}

function Words({ said: { utterance, live } }: { readonly said: SaidView }): JSX.Element {
  if (live) {
    const isSilent = live.settled === '' && live.interim === '';
    return (
      <span>
        {live.settled} <span class="interim">{isSilent ? '…' : live.interim} </span>
      </span>
    );
  }
  if (!utterance.cut) return <span>{utterance.text} </span>;
  const unheard = utterance.intended.split(/\s+/).slice(utterance.words.length).join(' ');
  return (
    <span>
      {utterance.text.replace(/[\s,;:]+$/, '')}
      <span class="cut-mark">— </span>
      <span class="visually-hidden">cut off, </span>
      {unheard !== '' && (
        <>
          <span class="visually-hidden">not heard: </span>
          <del class="unheard">{unheard}</del>{' '}
        </>
      )}
    </span>
  );
}

function keyOf(item: ItemView): string {
  return item.kind === 'turn' ? `turn ${item.turn.turn.utterances[0].utteranceId}` : item.said.utterance.utteranceId;
}

export function hueOf(seat: number): 'first' | 'second' {
  return seat === 0 ? 'first' : 'second';
}
