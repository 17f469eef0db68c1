/** Figures as the screen writes them. */

/** Call time for reading: `1:07`, `1:02:09` from an hour on. */
export function clockTime(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const pair = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${pair(seconds % 60)}` : `${Math.floor(minutes / 60)}:${pair(minutes % 60)}:${pair(seconds % 60)}`;
}

/** Call time for comparing: `1:07.420`. */
export function exactTime(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  return `${clockTime(whole)}.${String(whole % 1000).padStart(3, '0')}`;
}

/** Whole milliseconds, or the sign for "not measured". */
export function milliseconds(ms: number | null, none: string): string {
  return ms === null ? none : String(Math.round(ms));
}

export function seconds(ms: number | null, none: string): string {
  return ms === null ? none : `${(ms / 1000).toFixed(2)} s`;
}

/** How many times faster than real time; one digit after the point below ten. */
export function speed(factor: number): string {
  return `${factor < 10 ? factor.toFixed(1) : String(Math.round(factor))}x`;
}

export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
