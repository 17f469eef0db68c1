/** Figures in words, the same on the screen, in reports and on pages. What was not measured is the sign given for it, never a zero. */

/** Call time for reading: `1:07`, `1:02:09` from an hour on. */
export function clockTime(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  const pair = (value: number): string => String(value % 60).padStart(2, '0');
  return minutes < 60 ? `${minutes}:${pair(seconds)}` : `${Math.floor(minutes / 60)}:${pair(minutes)}:${pair(seconds)}`;
}

/** Call time for comparing: `1:07.420`. */
export function exactTime(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  return `${clockTime(whole)}.${String(whole % 1000).padStart(3, '0')}`;
}

/** Whole milliseconds, without the unit. */
export function milliseconds(ms: number | null, none: string): string {
  return ms === null ? none : String(Math.round(ms));
}

/** `1.42 s`. */
export function seconds(ms: number | null, none: string): string {
  return ms === null ? none : `${(ms / 1000).toFixed(2)} s`;
}

/** A share from 0 to 1 as a percentage. */
export function percent(share: number | null, none: string): string {
  return share === null ? none : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

/** How many times faster than real time; one digit after the point below ten. */
export function speed(factor: number): string {
  return `${factor < 10 ? factor.toFixed(1) : String(Math.round(factor))}x`;
}

/** `1 turn`, `2 turns`. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
