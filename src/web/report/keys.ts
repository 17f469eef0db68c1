/** The keyboard: space plays, arrows wind, J and K go from turn to turn. What has the focus keeps the keys that it needs. */
import type { Call } from './call.ts';

const WIND_MS = 5000;

export function listenToKeys(call: Call): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest('input, select, textarea')) return;
    if (event.key === ' ' && target?.closest('button, a, summary')?.matches(':focus-visible')) return;
    // Something that scrolls sideways is scrolled by them.
    if (event.key.startsWith('Arrow') && target?.closest('[tabindex="0"]')) return;
    const act = actionOf(event.key, call);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actionOf(key: string, call: Call): (() => void) | undefined {
  const { player } = call;
  switch (key) {
    case ' ':
      return () => player.toggle();
    case 'ArrowLeft':
      return () => player.seek(player.positionMs.value - WIND_MS);
    case 'ArrowRight':
      return () => player.seek(player.positionMs.value + WIND_MS);
    case 'j':
    case 'J':
      return () => call.step(1);
    case 'k':
    case 'K':
      return () => call.step(-1);
    default:
      return undefined;
  }
}
