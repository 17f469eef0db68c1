/** Keys for the whole page. They keep out of fields and of whatever a key means something to already. */
import type { Speed } from '../parts/live-messages.ts';
import type { PageState } from './page-state.ts';

const SPEED_KEYS: Readonly<Record<string, Speed>> = { '1': 1, '2': 2, '3': 'max' };

/** The returned function takes them away again. */
export function listenForKeys(page: PageState): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(event.target instanceof Element)) return;
    const speed = SPEED_KEYS[event.key];
    if (event.key === 'Escape' && page.canStop && !event.target.matches('select')) page.stop();
    else if (event.target.closest('input, select, textarea, a, button, summary')) return;
    else if (event.key === ' ' && page.canPace) page.togglePause();
    else if (speed !== undefined) page.setSpeed(speed);
    else if (event.key === 'm') page.mute(page.sounding.value && !page.muted.value);
    else return;
    event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
