/** Whose page it is: two voices that meet, and the name. */
import type { JSX } from 'preact';

export function Wordmark(): JSX.Element {
  return (
    <p class="wordmark">
      <svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">
        <path class="mark-first" d="M2 7v4M5 4v10M8 6.5v5" />
        <path class="mark-second" d="M10.5 6.5v5M13.5 4v10M16.5 7v4" />
      </svg>
      bottalk
    </p>
  );
}
