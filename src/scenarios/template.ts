/**
 * Texts with `{{ name }}` and `{{ name: default }}` in them; `\{{` stands for braces as they are. It knows the
 * grammar and nothing of where values come from.
 */

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly fallback: string | undefined; readonly source: string; readonly offset: number }
  /** Two braces that hold no variable name, or that are never closed. */
  | { readonly kind: 'malformed'; readonly source: string; readonly offset: number };

const TOKEN = /\\\{\{|\{\{(?:(.*?)\}\})?/gs;
const VARIABLE = /^\s*([A-Za-z_][\w.-]*)\s*(?::\s*(.*?)\s*)?$/s;

/** The text cut into plain text and variables; offsets are those of the braces in the text. */
export function templateParts(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let done = 0;
  for (const { index: offset, 0: source, 1: inner } of template.matchAll(TOKEN)) {
    parts.push({ kind: 'text', text: template.slice(done, offset) });
    done = offset + source.length;
    if (source.startsWith('\\')) {
      parts.push({ kind: 'text', text: '{{' });
      continue;
    }
    const [, name, fallback] = VARIABLE.exec(inner ?? '') ?? [];
    parts.push(name === undefined ? { kind: 'malformed', source, offset } : { kind: 'variable', name, fallback, source, offset });
  }
  parts.push({ kind: 'text', text: template.slice(done) });
  return parts.filter((part) => part.kind !== 'text' || part.text !== '');
}

/** Makes a text that comes out of a template as it went in. */
export function escapeBraces(text: string): string {
  return text.replaceAll('{{', '\\{{');
}

/**
 * Fills `{{ result.key }}` in what a script says after a tool has answered: `result` is the whole answer, a path goes
 * into mappings and lists. What the answer does not hold is the default after the colon, or nothing.
 */
export function fillResult(template: string, result: unknown): string {
  return templateParts(template)
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'malformed' || !isResultName(part.name)) return part.source;
      const value = part.name.split('.').slice(1).reduce<unknown>(memberOf, result);
      return value === undefined || value === null ? (part.fallback ?? '') : plainText(value);
    })
    .join('');
}

/** Whether a variable means the answer of a tool, which is known only while the call runs. */
export function isResultName(name: string): boolean {
  return name === 'result' || name.startsWith('result.');
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function plainText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
