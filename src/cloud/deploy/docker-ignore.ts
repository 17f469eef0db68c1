/**
 * Which files of a folder a container build gets, by the rules of .dockerignore: patterns stand for paths from the top,
 * `**` for any folders, the last pattern that fits decides, and `!` takes back. Looks at no file.
 */

export interface BuildFilter {
  /** `path`: from the top of the folder, with slashes. */
  isLeftOut(path: string): boolean;
  /** Whether something below a folder that is left out may be taken back. */
  readonly takesBack: boolean;
}

/** Where a folder has no .dockerignore: what is made anew in the image, or is nobody's business there. */
const USUAL = ['**/node_modules', '**/.DS_Store', '**/__pycache__', '**/*.log', 'coverage'];
/** Never part of an image, whatever a .dockerignore says: history, and files in which keys are kept. */
const NEVER = ['.git', '**/.env', '**/.env.*', '!**/.env.example'];

/** `text`: of the .dockerignore, if there is one. `extra`: patterns of the deploy file, used only where there is none. */
export function buildFilter(text: string | undefined, extra: readonly string[]): BuildFilter {
  const lines = text === undefined ? [...USUAL, ...extra] : text.split(/\r?\n/).filter((line) => !line.startsWith('#'));
  const rules = lines.flatMap((line) => ruleOf(line) ?? []);
  const never = NEVER.flatMap((line) => ruleOf(line) ?? []);
  return { isLeftOut: (path) => fits(rules, path) || fits(never, path), takesBack: rules.some(({ takesBack }) => takesBack) };
}

type Rule = { readonly pattern: RegExp; readonly takesBack: boolean };

function fits(rules: readonly Rule[], path: string): boolean {
  const parts = path.split('/');
  // A folder that is left out takes with it what is in it.
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return rules.reduce((leftOut, { pattern, takesBack }) => (paths.some((each) => pattern.test(each)) ? !takesBack : leftOut), false);
}

function ruleOf(line: string): Rule | undefined {
  const trimmed = line.trim();
  const takesBack = trimmed.startsWith('!');
  const path = cleaned(takesBack ? trimmed.slice(1).trim() : trimmed);
  return path === '' ? undefined : { pattern: patternOf(path), takesBack };
}

/** Without what a path can do without: a slash at either end, doubled ones, dots. */
function cleaned(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function patternOf(path: string): RegExp {
  const source = path.replace(/\*\*\/|\/\*\*$|\*\*|\*|\?|\[[^\]]*\]|\\.|[.+^${}()|/\]]/g, (piece) => {
    if (piece === '**/') return '(?:.*/)?';
    if (piece === '/**') return '/.*';
    if (piece === '**') return '.*';
    if (piece === '*') return '[^/]*';
    if (piece === '?') return '[^/]';
    return piece.startsWith('[') || piece.startsWith('\\') ? piece : `\\${piece}`;
  });
  return new RegExp(`^${source}$`);
}
