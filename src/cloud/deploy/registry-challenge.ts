/** What a registry says that it wants to be shown, out of its WWW-Authenticate header. Shows nothing itself. */

export type Challenge = {
  /** In lower case: `bearer` for a token, `basic` for a password. */
  readonly scheme: string;
  /** Where tokens are given out. */
  readonly realm: string | undefined;
  readonly service: string | undefined;
  readonly scope: string | undefined;
};

/** The first challenge of the header; undefined if there is none. */
export function readChallenge(header: string | null): Challenge | undefined {
  const [, scheme, rest = ''] = /^\s*([\w-]+)\s*(.*)$/s.exec(header ?? '') ?? [];
  if (scheme === undefined) return undefined;
  const values = new Map([...rest.matchAll(/(\w+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,]+))/g)].map(([, name = '', quoted, bare]) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare]));
  return { scheme: scheme.toLowerCase(), realm: values.get('realm'), service: values.get('service'), scope: values.get('scope') };
}
