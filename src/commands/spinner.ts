/** A line on stderr that moves while something is waited for; where stderr is no terminal, nothing at all. */

/** `above`: writes lines that stay, where the moving one would be in their way. */
export type Spinner = { show(text: string): void; above(write: () => void): void; close(): void };

export async function openSpinner(text: string, stream: NodeJS.WriteStream = process.stderr): Promise<Spinner> {
  // A terminal that says it has no columns would keep ora clearing lines for ever.
  if (!stream.isTTY || !(stream.columns > 0)) return { show: () => {}, above: (write) => write(), close: () => {} };
  const { default: ora } = await import('ora');
  // Its keyboard handling is off, because Ctrl-C is ours.
  const spinner = ora({ text, stream, discardStdin: false }).start();
  const above = (write: () => void): void => {
    spinner.clear();
    write();
  };
  return { show: (next) => void (spinner.text = next), above, close: () => void spinner.stop() };
}
