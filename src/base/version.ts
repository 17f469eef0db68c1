/** The version of this bottalk, which stands in package.json alone. */
import { readFileSync } from 'node:fs';

/** package.json lies two folders up from the sources and three from dist. */
export function packageVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    const found = versionIn(new URL(up, import.meta.url));
    if (found) return found;
  }
  return 'unknown';
}

function versionIn(file: URL): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    return name === 'bottalk' ? version : undefined;
  } catch {
    return undefined;
  }
}
