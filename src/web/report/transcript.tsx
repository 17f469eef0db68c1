/** Everything that was said, word by word as it was heard, cut where it was cut. Any word and any turn can be heard. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SpokenLine, ToolStory, TurnStory } from '../../metrics/pages/run-document.ts';
import { LATE_MS } from '../../metrics/turn-taking.ts';
import { seconds, tenthTime } from '../parts/figures.ts';
import type { Call } from './call.ts';
import { lightWords } from './light-words.ts';

export function Transcript({ call }: { readonly call: Call }) {
  const list = useRef<HTMLOListElement>(null);
  useLayoutEffect(() => (list.current ? lightWords(list.current, call) : undefined), [call]);
  return (
    <section class="panel transcript" aria-labelledby="transcript">
      <div class="panel-head">
        <h2 id="transcript" tabIndex={-1}>
          Transcript
        </h2>
        <p class="faint">as it was heard; click a word or a time to hear it</p>
      </div>
      <ol ref={list} class="lines" tabIndex={0} aria-label="Transcript" onClick={(event) => hearWord(event, call)}>
        {entriesOf(call).map((entry) => (entry.what === 'tool' ? <Tool tool={entry.tool} call={call} /> : <Line line={entry.line} turn={entry.turn} call={call} />))}
      </ol>
    </section>
  );
}

type Entry =
  | { readonly what: 'line'; readonly atMs: number; readonly line: SpokenLine; readonly turn: TurnStory | undefined }
  | { readonly what: 'tool'; readonly atMs: number; readonly tool: ToolStory };

/** By time; the first line of a turn carries what is to be said of the turn. */
function entriesOf({ told: { lines, turns, tools } }: Call): Entry[] {
  const begun = new Set<number>();
  const spoken = lines.map((line): Entry => {
    const isFirst = line.turn !== null && !begun.has(line.turn);
    if (line.turn !== null) begun.add(line.turn);
    return { what: 'line', atMs: line.startMs, line, turn: isFirst && line.turn !== null ? turns[line.turn - 1] : undefined };
  });
  const called = tools.map((tool): Entry => ({ what: 'tool', atMs: tool.calledMs, tool }));
  return [...spoken, ...called].toSorted((a, b) => a.atMs - b.atMs);
}

const KINDS = { reply: null, barge_in: 'barge-in', backchannel: 'backchannel', tic: 'vocal tic', aside: 'aside' } as const;

function Line({ line, turn, call }: { readonly line: SpokenLine; readonly turn: TurnStory | undefined; readonly call: Call }) {
  const { speaker, kind, startMs, words, unheard, cut } = line;
  const side = call.sideOf(speaker);
  const hear = (): void => (turn ? call.hearTurn(turn) : call.player.play(Math.max(0, startMs - 100)));
  return (
    <li class={`line ${side} ${turn ? 'opens' : line.turn === null ? 'between' : 'goes-on'}`} id={turn ? `turn-${turn.number}` : undefined} data-turn={line.turn ?? undefined}>
      <button type="button" class="time" onClick={hear} aria-label={`Hear ${speaker} at ${tenthTime(startMs)}`}>
        {tenthTime(startMs)}
      </button>
      <p class="who">
        <span class="speaker" title={speaker}>
          {speaker}
        </span>
      </p>
      <p class="text">
        {words.length === 0 && <span class="faint">(nothing was heard to its end)</span>}
        {words.map(([text, fromMs, toMs], i) => (
          <>
            {i > 0 && ' '}
            <span class="word" data-from={fromMs} data-to={toMs}>
              {text}
            </span>
          </>
        ))}
        {cut && (
          <>
            {' '}
            <span class="cut" title="cut off here">
              <span class="visually-hidden">cut off here</span>
            </span>
          </>
        )}
        {unheard !== '' && (
          <>
            {' '}
            <span class="visually-hidden">not heard: </span>
            <s class="unheard">{unheard}</s>
          </>
        )}
      </p>
      <p class="gap">
        {KINDS[kind] && <span class="kind">{KINDS[kind]}</span>} {turn && <Gap turn={turn} />}
      </p>
    </li>
  );
}

export function Gap({ turn: { gapMs } }: { readonly turn: TurnStory }) {
  if (gapMs === null) return null;
  if (gapMs < 0) return <span class="over">{seconds(gapMs).replace('-', '−')}</span>;
  return <span class={gapMs >= LATE_MS ? 'late' : ''}>{seconds(gapMs)}</span>;
}

function Tool({ tool, call }: { readonly tool: ToolStory; readonly call: Call }) {
  const { agent, name, arguments: given, result, failed, calledMs } = tool;
  return (
    <li class={`line tool ${call.sideOf(agent)}`}>
      <span class="time">{tenthTime(calledMs)}</span>
      <p class="who">
        <span class="kind">tool</span>
      </p>
      <p class="text mono">
        {name}({given === '{}' ? '' : given}) {result === null ? 'gave no answer' : <>→ {result}</>} {failed && <span class="badge bad">failed</span>}
      </p>
      <p class="gap" />
    </li>
  );
}

/** Words are no buttons: two thousand stops of the tab key would help nobody. Times are. */
function hearWord(event: MouseEvent, { player }: Call): void {
  const word = event.target instanceof Element ? event.target.closest<HTMLElement>('.word') : null;
  // Who marks text to copy it wants to hear nothing.
  if (!word || !(getSelection()?.isCollapsed ?? true)) return;
  player.play(Number(word.dataset['from']));
}
