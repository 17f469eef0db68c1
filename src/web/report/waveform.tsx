/** The whole call on one line: a lane for each speaker, drawn from peaks that came with the page. A slider for who cannot see it. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { tenthTime } from '../parts/figures.ts';
import type { Call } from './call.ts';
import { drawLanes } from './draw-lanes.ts';

export function Waveform({ call }: { readonly call: Call }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { told, player } = call;
  useLayoutEffect(() => {
    const drawn = canvas.current;
    if (!drawn) return undefined;
    const draw = (): void => drawLanes(drawn, told);
    const size = new ResizeObserver(draw);
    size.observe(drawn);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      size.disconnect();
      dark.removeEventListener('change', draw);
    };
  }, [told]);
  const seek = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    player.seek(((event.clientX - box.left) / box.width) * told.callMs);
  };
  return (
    <div class="waveform">
      <ul class="lane-names" aria-hidden="true">
        {told.speakers.slice(0, 2).map(({ name, side }) => (
          <li class={`speaker ${side}`}>{name}</li>
        ))}
      </ul>
      <div
        class="lanes-area"
        role="slider"
        tabIndex={0}
        aria-label="Place in the call"
        aria-valuemin={0}
        aria-valuemax={Math.round(told.callMs / 1000)}
        aria-valuenow={Math.round(player.positionMs.value / 1000)}
        aria-valuetext={valueText(call)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(event);
        }}
        onKeyDown={(event) => {
          const to = movedBy(event.key, player.positionMs.value, told.callMs);
          if (to === undefined) return;
          event.preventDefault();
          player.seek(to);
        }}
      >
        <canvas ref={canvas} />
        <div class="playhead" style={{ left: `${(player.positionMs.value / told.callMs) * 100}%` }} />
      </div>
      <Ticks callMs={told.callMs} />
    </div>
  );
}

function valueText({ player, turn }: Call): string {
  const at = tenthTime(player.positionMs.value);
  return turn.value ? `${at}, turn ${turn.value.number}, ${turn.value.speaker}` : at;
}

function movedBy(key: string, ms: number, callMs: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return ms - 5000;
    case 'ArrowRight':
    case 'ArrowUp':
      return ms + 5000;
    case 'PageUp':
      return ms + 30_000;
    case 'PageDown':
      return ms - 30_000;
    case 'Home':
      return 0;
    case 'End':
      return callMs;
    default:
      return undefined;
  }
}

const STEPS_MS = [5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000];

function Ticks({ callMs }: { readonly callMs: number }) {
  const stepMs = STEPS_MS.find((step) => callMs / step <= 8) ?? callMs;
  const ticks = Array.from({ length: Math.floor(callMs / stepMs) + 1 }, (_, i) => i * stepMs).filter((ms) => ms < callMs * 0.97);
  return (
    <div class="ticks" aria-hidden="true">
      {ticks.map((ms) => (
        <span style={{ left: `${(ms / callMs) * 100}%` }}>{tenthTime(ms).slice(0, -2)}</span>
      ))}
    </div>
  );
}
