/** Arithmetic of stretches of call time. Half-open: a span that ends where another begins does not overlap it. */

export type Span = { readonly startMs: number; readonly endMs: number };

export function totalMs(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.endMs - span.startMs, 0);
}

/** The same time covered by spans that are in order and do not touch. */
export function merge(spans: readonly Span[]): Span[] {
  const merged: { startMs: number; endMs: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1);
    if (last && span.startMs <= last.endMs) last.endMs = Math.max(last.endMs, span.endMs);
    else if (span.endMs > span.startMs) merged.push({ ...span });
  }
  return merged;
}

/** Where both lists have something; either list may be in any order. */
export function overlaps(a: readonly Span[], b: readonly Span[]): Span[] {
  const found: Span[] = [];
  const others = merge(b);
  for (const one of merge(a)) {
    for (const other of others) {
      const startMs = Math.max(one.startMs, other.startMs);
      const endMs = Math.min(one.endMs, other.endMs);
      if (endMs > startMs) found.push({ startMs, endMs });
    }
  }
  return found;
}

/** What the spans leave uncovered of the whole. */
export function gaps(spans: readonly Span[], whole: Span): Span[] {
  const found: Span[] = [];
  let fromMs = whole.startMs;
  for (const span of merge(spans)) {
    if (span.endMs <= whole.startMs || span.startMs >= whole.endMs) continue;
    if (span.startMs > fromMs) found.push({ startMs: fromMs, endMs: span.startMs });
    fromMs = Math.max(fromMs, span.endMs);
  }
  if (fromMs < whole.endMs) found.push({ startMs: fromMs, endMs: whole.endMs });
  return found;
}

/** Whether the moment lies within one of the spans. */
export function covers(spans: readonly Span[], atMs: number): boolean {
  return spans.some((span) => span.startMs <= atMs && atMs < span.endMs);
}
