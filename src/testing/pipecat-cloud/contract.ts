/**
 * Pipecat Cloud's published description of its interface as a judge: what is wrong with a request, and what with an
 * answer of the fake. Objects of requests are closed, so that a name that was mistyped is found.
 */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type Json = Readonly<Record<string, unknown>>;
type Parameter = { readonly in: string; readonly name: string; readonly required?: boolean; readonly schema: Json };
type Operation = {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }>>;
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>> & { readonly servers?: readonly { readonly url: string }[] }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>>; readonly parameters: Readonly<Record<string, Parameter>> };
};

/** `path`: below /v1. The body is undefined where none was sent. */
export type ContractRequest = { readonly method: string; readonly path: string; readonly query: URLSearchParams; readonly body: unknown };

export class Contract {
  readonly #document = patched(JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8')) as Document);
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #judges = new Map<string, ValidateFunction>();

  constructor() {
    // What the module of ajv-formats exports is a CommonJS default.
    (addFormats as unknown as (ajv: Ajv) => void)(this.#ajv);
    this.#ajv.addSchema(this.#document, 'open');
    this.#ajv.addSchema(closed(this.#document) as Document, 'closed');
  }

  /** What is wrong with a request, in lines; nothing if it is as described. */
  faultsOfRequest(request: ContractRequest): string[] {
    const found = this.#find(request);
    const line = `${request.method} ${request.path}`;
    if (!found) return [`${line}: there is no such operation`];
    const { operation, at, values } = found;
    const parameters = this.#parameters(operation);
    const given = [...request.query].map(([name, text]) => ({ place: 'query', name, text }));
    const inPath = Object.entries(values).map(([name, text]) => ({ place: 'path', name, text }));
    const faults = [...given, ...inPath].flatMap(({ place, name, text }) => {
      const parameter = parameters.find((known) => known.in === place && known.name === name);
      if (!parameter) return [`${line}: ${name} is no parameter`];
      return this.#judge(`parameter ${JSON.stringify(parameter.schema)}`, parameter.schema, typed(text, parameter.schema)).map((fault) => `${line}: ${name} ${fault}`);
    });
    const required = parameters.filter((known) => known.in === 'query' && known.required === true && !request.query.has(known.name));
    return [...faults, ...required.map(({ name }) => `${line}: ${name} is missing`), ...this.#faultsOfBody(line, at, operation, request.body)];
  }

  /** What is wrong with an answer of the fake. Refusals are as free as Pipecat Cloud's own. */
  faultsOfAnswer(request: ContractRequest, status: number, body: unknown): string[] {
    const found = this.#find(request);
    if (!found || status >= 400) return [];
    const response = found.operation.responses[String(status)];
    if (!response) return [`${request.method} ${request.path}: ${status} is no answer to it`];
    if (!response.content?.['application/json']) return [];
    const ref = `open#${found.at}/responses/${status}/content/application~1json/schema`;
    return this.#judge(ref, { $ref: ref }, body).map((fault) => `${request.method} ${request.path} answered ${status}: ${fault}`);
  }

  #faultsOfBody(line: string, at: string, { requestBody }: Operation, body: unknown): string[] {
    if (!requestBody) return body === undefined ? [] : [`${line}: takes no body`];
    if (body === undefined) return requestBody.required === true ? [`${line}: the body is missing`] : [];
    const ref = `closed#${at}/requestBody/content/application~1json/schema`;
    const { image, buildId, serviceName } = body as Json;
    const isDeploy = line.startsWith('POST /agents');
    const both = isDeploy && image !== undefined && buildId !== undefined ? [`${line}: an image and a build at once`] : [];
    const neither = isDeploy && serviceName !== undefined && image === undefined && buildId === undefined ? [`${line}: neither an image nor a build`] : [];
    return [...this.#judge(ref, { $ref: ref }, body).map((fault) => `${line}: ${fault}`), ...both, ...neither];
  }

  /** Faults hold names and rules and no values. */
  #judge(name: string, schema: Json, value: unknown): string[] {
    const judge = this.#judges.get(name) ?? this.#ajv.compile(schema);
    this.#judges.set(name, judge);
    if (judge(value)) return [];
    return (judge.errors ?? []).map(({ instancePath, message, params }) => `${instancePath || 'it'} ${message ?? 'is wrong'} ${JSON.stringify(params)}`);
  }

  #find({ method, path }: ContractRequest): { operation: Operation; at: string; values: Readonly<Record<string, string>> } | undefined {
    const matches = Object.entries(this.#document.paths).flatMap(([template, item]) => {
      const isPublic = item.servers?.[0]?.url.endsWith('/public') === true;
      const operation = item[method.toLowerCase()];
      const values = operation && valuesIn(`${isPublic ? '/public' : ''}${template}`, path);
      return operation && values ? [{ operation, at: `/paths/${pointer(template)}/${method.toLowerCase()}`, values }] : [];
    });
    // /builds/upload-url looks like a build as well; what is written out goes first.
    return matches.toSorted((a, b) => Object.keys(a.values).length - Object.keys(b.values).length)[0];
  }

  #parameters({ parameters = [] }: Operation): readonly Parameter[] {
    return parameters.map((parameter) => {
      if (!('$ref' in parameter)) return parameter;
      const known = this.#document.components.parameters[parameter.$ref.split('/').at(-1) ?? ''];
      if (!known) throw new Error(`${parameter.$ref} is not described`);
      return known;
    });
  }
}

/** The description's own examples show that these may be null, and a nullable schema needs a type. */
function patched(document: Document): Document {
  const properties = (name: string): Record<string, Json> => document.components.schemas[name]?.['properties'] as Record<string, Json>;
  const details = properties('ServiceDetailsResponse');
  for (const name of ['currentRevision', 'previousRevision']) details[name] = { ...details[name], type: 'object' };
  for (const owner of [details, properties('ServiceListItem')]) owner['reconciledDeploymentId'] = { type: 'string', nullable: true };
  const listed = document.paths['/agents/{agentName}/sessions']?.['get']?.responses['200']?.content?.['application/json']?.schema as {
    properties: { sessions: { items: { properties: Record<string, Json> } } };
  };
  listed.properties.sessions.items.properties['endedAt'] = { type: 'string', format: 'date-time', nullable: true };
  return document;
}

/** Every object whose properties are named takes no others. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, closed(part)]));
  const isOpen = copy['type'] === 'object' && typeof copy['properties'] === 'object' && copy['additionalProperties'] === undefined;
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}

/** The parts of a path, or undefined if it is another. What comes last in a session's path may hold slashes. */
function valuesIn(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const pattern = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'path' ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`));
  const groups = new RegExp(`^${pattern}$`).exec(path)?.groups;
  if (groups) return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
  return new RegExp(`^${pattern}$`).test(path) ? {} : undefined;
}

function pointer(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function typed(text: string, { type }: Json): unknown {
  if (type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}
