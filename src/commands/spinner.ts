/** A line on stderr that moves while something is waited for; where stderr is no terminal, nothing at all. */

export type Spinner = { show(text: string): void; close(): void };

export async function openSpinner(text: string, stream: NodeJS.WriteStream = process.stderr): Promise<Spinner> {
  // A terminal that says it has no columns would keep ora clearing lines for ever.
  if (!stream.isTTY || !(stream.columns > 0)) return { show: () => {}, close: () => {} };
  const { default: ora } = await import('ora');
  // Its keyboard handling is off, because Ctrl-C is ours.
  const spinner = ora({ text, stream, discardStdin: false }).start();
  return { show: (next) => void (spinner.text = next), close: () => void spinner.stop() };
}
