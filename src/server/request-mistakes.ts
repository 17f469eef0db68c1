/** Mistakes in a scenario that a request changed or made up: nobody sees its lines, so each is told by the field that it stands in. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import { type Mistake, type SourcePlace, UsageError } from '../base/errors.ts';

/** `name` is what the text as a whole is called. Anything else that was thrown stays what it is. */
export function byField(error: unknown, { text, name }: { readonly text: string; readonly name: string }): unknown {
  if (!(error instanceof UsageError)) return error;
  const fields = fieldsOf(text);
  return new UsageError(error.mistakes.map(({ place, message, hint }): Mistake => {
    const field = place && fields.find(({ from, to }) => isBetween(place, from, to));
    const told = field ? `${field.name}: ${message.replace(`${field.key}: `, '')}` : place ? `${name}: ${message}` : message;
    return { message: told, ...(hint !== undefined && { hint }) };
  }));
}

type Spot = Pick<SourcePlace, 'line' | 'column'>;
type Field = { readonly key: string; readonly name: string; readonly from: Spot; readonly to: Spot };

/** What a request can say of each agent. */
const KEYS = ['name', 'prompt', 'voice'] as const;

function fieldsOf(text: string): readonly Field[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const spot = (offset: number): Spot => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  return [0, 1].flatMap((i) => {
    const name = document.getIn(['agents', i, 'name']);
    // A name with variables in it is nobody's yet.
    const agent = typeof name === 'string' && !name.includes('{{') ? name : i === 0 ? 'the first agent' : 'the second agent';
    return KEYS.flatMap((key): Field[] => {
      const node = document.getIn(['agents', i, key], true);
      if (!isNode(node) || !node.range) return [];
      return [{ key, name: `${key} of ${agent}`, from: spot(node.range[0]), to: spot(node.range[1]) }];
    });
  });
}

function isBetween(spot: Spot, from: Spot, to: Spot): boolean {
  return !isBefore(spot, from) && !isBefore(to, spot);
}

function isBefore(a: Spot, b: Spot): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}
