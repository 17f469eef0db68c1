/**
 * What the common JUnit schemas would refuse in a report: the one for Ant (Windy Road) and the one of Jenkins' xUnit
 * plugin, of which each allows something that the other does not. Reads the little XML that reports are made of.
 */

type Element = { readonly name: string; readonly attributes: Readonly<Record<string, string>>; readonly children: Element[]; text: string };

type Rule = {
  /** The names of the children, joined by blanks, as the schema wants them in order. */
  readonly children: RegExp;
  /** All of them have to be there, and no others. */
  readonly attributes: Readonly<Record<string, RegExp>>;
  readonly optional?: readonly string[];
  readonly hasText?: boolean;
};

const ANY = /^/;
/** xs:token with at least one character. */
const NAME = /^\S+( \S+)*$/;
const COUNT = /^\d+$/;
/** What xs:decimal and the pattern of Surefire both take. */
const TIME = /^\d+\.\d+$/;
const OUTCOME = { children: /^$/, attributes: { message: ANY, type: ANY }, hasText: true };

const RULES: Readonly<Record<string, Rule>> = {
  testsuites: { children: /^(testsuite ?)*$/, attributes: {} },
  testsuite: {
    children: /^properties( testcase)* system-out system-err$/,
    attributes: { name: NAME, package: NAME, id: COUNT, hostname: NAME, timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, time: TIME, tests: COUNT, failures: COUNT, errors: COUNT, skipped: COUNT },
  },
  properties: { children: /^(property ?)*$/, attributes: {} },
  property: { children: /^$/, attributes: { name: NAME, value: ANY } },
  testcase: { children: /^(skipped|error|failure)?$/, attributes: { name: NAME, classname: NAME, time: TIME } },
  skipped: { children: /^$/, attributes: { message: ANY } },
  error: OUTCOME,
  failure: OUTCOME,
  'system-out': { children: /^$/, attributes: {}, hasText: true },
  'system-err': { children: /^$/, attributes: {}, hasText: true },
};

/** One sentence for each; none for a report that every one of them takes. */
export function junitFaults(xml: string): readonly string[] {
  const root = read(xml);
  return root.name === 'testsuites' ? faultsOf(root) : [`the root is ${root.name}`];
}

function faultsOf(element: Element): readonly string[] {
  const { name, attributes, children, text } = element;
  const rule = RULES[name];
  if (!rule) return [`there is no element ${name}`];
  const faults: string[] = [];
  if (!rule.children.test(children.map((child) => child.name).join(' '))) faults.push(`${name} holds ${children.map((child) => child.name).join(' ')}`);
  if (!rule.hasText && text.trim() !== '') faults.push(`${name} holds text: ${text.trim()}`);
  for (const given of Object.keys(attributes)) if (!(given in rule.attributes)) faults.push(`${name} has an attribute ${given}`);
  for (const [wanted, form] of Object.entries(rule.attributes)) if (!form.test(attributes[wanted]?.replace(/\s+/g, ' ').trim() ?? '\n')) faults.push(`${name}: ${wanted} is ${JSON.stringify(attributes[wanted])}`);
  const counted = name === 'testsuite' && attributes['tests'] !== String(children.filter((child) => child.name === 'testcase').length);
  return [...faults, ...(counted ? [`${name} holds other than ${attributes['tests']} cases`] : []), ...children.flatMap(faultsOf)];
}

/** Throws for what is not well-formed. */
function read(xml: string): Element {
  const document: Element = { name: '', attributes: {}, children: [], text: '' };
  const open: Element[] = [document];
  let rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(rest)) throw new Error('a character that XML has not');
  while (rest !== '') {
    const current = open.at(-1) as Element;
    const [whole = '', end, name = '', attributes = '', closed, text] = /^<(\/)?([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/)?>|^([^<]+)/.exec(rest) ?? [];
    if (whole === '') throw new Error(`not well-formed: ${rest.slice(0, 60)}`);
    rest = rest.slice(whole.length);
    if (text !== undefined) {
      if (text.includes(']]>')) throw new Error('"]]>" in a text');
      current.text += unescaped(text);
    } else if (end) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, unescaped(value)] as const);
      if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`an attribute of ${name} stands twice`);
      const element: Element = { name, attributes: Object.fromEntries(pairs), children: [], text: '' };
      current.children.push(element);
      if (!closed) open.push(element);
    }
  }
  const [root] = document.children;
  if (open.length > 1 || !root || document.children.length > 1) throw new Error('there is not one root, or it stays open');
  return root;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&([a-z]*);?/g, (whole, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined || !whole.endsWith(';')) throw new Error(`an ampersand is not escaped: ${text}`);
    return character;
  });
}
