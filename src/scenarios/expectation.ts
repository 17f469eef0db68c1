/**
 * What the schema expects at a place of the file, in words and as the list of valid keys. It reads the published
 * JSON Schema, so messages and editors never disagree.
 */
import { scenarioJsonSchema } from './schema.ts';

export type Path = readonly (string | number)[];

type JsonSchema = {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly pattern?: string;
  readonly format?: string;
  readonly minItems?: number;
  readonly examples?: readonly string[];
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
};

let wholeSchema: JsonSchema | undefined;

/** "text or a list of texts": what may stand there. */
export function expectedAt(path: Path): string {
  return oneOf(schemasAt(path).map(inWords));
}

/** Whether any text may stand there, so that a number only lacks its quotes. */
export function takesText(path: Path): boolean {
  return schemasAt(path).some((schema) => schema.type === 'string' && !schema.enum && !schema.pattern && schema.format !== 'uri');
}

/** The keys that a mapping there may have. */
export function validKeysAt(path: Path): readonly string[] {
  return [...new Set(schemasAt(path).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

/** Where a key that is unknown here would be valid: at the top of the file, or one level further in. */
export function homeOf(key: string, path: Path): string | undefined {
  if (path.length > 0 && validKeysAt([]).includes(key)) return 'at the top of the file';
  const homes = validKeysAt(path).filter((neighbour) => [[...path, neighbour], [...path, neighbour, 0]].some((inside) => validKeysAt(inside).includes(key)));
  return homes.length === 0 ? undefined : `under ${oneOf(homes)}`;
}

/** What the schema says about the key. */
export function descriptionAt(path: Path): string | undefined {
  return schemasAt(path).find((schema) => schema.description !== undefined)?.description;
}

/** Every schema that may apply there; a choice between several gives several. */
function schemasAt(path: Path): readonly JsonSchema[] {
  wholeSchema ??= scenarioJsonSchema();
  let schemas = choices(wholeSchema);
  for (const key of path) {
    schemas = schemas.flatMap((schema) => {
      const inside = typeof key === 'number' ? schema.items : (schema.properties?.[key] ?? schema.additionalProperties);
      return typeof inside === 'object' ? choices(inside) : [];
    });
  }
  return schemas;
}

function choices(schema: JsonSchema): readonly JsonSchema[] {
  if (!schema.anyOf) return [schema];
  const { description } = schema;
  return schema.anyOf.flatMap(choices).map((each) => (description === undefined ? each : { ...each, description }));
}

function inWords(schema: JsonSchema): string {
  if (schema.enum) return oneOf(schema.enum.map(String));
  switch (schema.type) {
    case 'string':
      if (schema.format === 'uri') return 'an http or https address';
      return schema.examples ? `text such as ${oneOf(schema.examples)}` : 'text';
    case 'integer':
      return `a whole number${bounds(schema)}`;
    case 'number':
      return `a number${bounds(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return listInWords(schema);
    case 'object':
      return schema.required && schema.required.length < 4 ? `a mapping with ${schema.required.join(' and ')}` : 'a mapping';
    default:
      return 'something else';
  }
}

function listInWords({ items, minItems }: JsonSchema): string {
  const list = minItems === 1 ? 'a list that is not empty' : 'a list';
  const kinds = new Set(items ? choices(items).map(({ type }) => type) : []);
  return kinds.size === 1 && kinds.has('string') ? 'a list of texts' : list;
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (exclusiveMinimum !== undefined && exclusiveMaximum !== undefined) return ` between ${exclusiveMinimum} and ${exclusiveMaximum}`;
  const lower = minimum !== undefined ? ` of at least ${minimum}` : exclusiveMinimum !== undefined ? ` above ${exclusiveMinimum}` : '';
  const upper = maximum !== undefined ? ` of at most ${maximum}` : '';
  return lower && upper ? `${lower} and${upper}` : lower + upper;
}

/** "a, b or c". */
export function oneOf(words: readonly string[]): string {
  const unique = [...new Set(words)];
  return unique.length < 2 ? (unique[0] ?? 'something else') : `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}`;
}
