/** Work that is done a few pieces at a time, begun in order. */

/** One promise for each piece; whoever waits for one of them learns what it threw. */
export function atOnce<T>(most: number, pieces: readonly (() => Promise<T>)[]): readonly Promise<T>[] {
  const results = pieces.map(() => Promise.withResolvers<T>());
  // Who never looks at a piece does not want to hear that it failed.
  for (const { promise } of results) promise.catch(() => {});
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < pieces.length; i = next++) {
      try {
        results[i]?.resolve((await pieces[i]?.()) as T);
      } catch (error) {
        results[i]?.reject(error);
      }
    }
  };
  for (let worker = 0; worker < most; worker++) void work();
  return results.map(({ promise }) => promise);
}
