/**
 * Where each key of a TOML text stands, which the parser does not tell. It walks text that the parser has accepted and
 * checks nothing itself.
 */

/** Offsets of a key and of its value; of a table's header both are that of the header. */
export type TomlPlace = { readonly keyStart: number; readonly valueStart: number };

/** By path: `scaling.min_agents`, `build.exclude.patterns.0`. Of what is written in parts, the first part. */
export function tomlPlaces(text: string): ReadonlyMap<string, TomlPlace> {
  return new TomlWalk(text).walk();
}

type Path = readonly string[];

class TomlWalk {
  readonly #text: string;
  readonly #places = new Map<string, TomlPlace>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  walk(): ReadonlyMap<string, TomlPlace> {
    let table: Path = [];
    for (this.#skipBlank(); this.#at < this.#text.length; this.#skipBlank()) {
      const start = this.#at;
      if (this.#text[start] === '[') {
        this.#at += this.#text.startsWith('[[', start) ? 2 : 1;
        table = this.#key([], start);
        this.#note(table, { keyStart: start, valueStart: start });
        while (this.#text[this.#at] === ']') this.#at++;
      } else this.#assignment(table);
    }
    return this.#places;
  }

  #note(path: Path, place: TomlPlace): void {
    const name = path.join('.');
    if (!this.#places.has(name)) this.#places.set(name, place);
  }

  #assignment(table: Path): void {
    const keyStart = this.#at;
    const path = this.#key(table, keyStart);
    this.#at++;
    this.#skipSpaces();
    this.#note(path, { keyStart, valueStart: this.#at });
    this.#value(path);
  }

  /** The path below `above`, up to what ends it: an equals sign or a bracket. Each table on the way has a place too. */
  #key(above: Path, keyStart: number): Path {
    let path = above;
    for (;;) {
      this.#skipSpaces();
      const character = this.#text[this.#at];
      if (character === undefined || character === '=' || character === ']') return path;
      if (path.length > above.length) this.#note(path, { keyStart, valueStart: keyStart });
      path = [...path, this.#keyPart(character)];
      this.#skipSpaces();
      if (this.#text[this.#at] === '.') this.#at++;
    }
  }

  #keyPart(first: string): string {
    const start = this.#at;
    if (first === '"' || first === "'") {
      this.#string();
      return this.#text.slice(start + 1, this.#at - 1);
    }
    this.#run(/[\w-]+/y);
    return this.#text.slice(start, this.#at);
  }

  #value(path: Path): void {
    switch (this.#text[this.#at]) {
      case '"':
      case "'":
        return this.#string();
      case '[':
        return this.#list(']', (entry) => {
          const here = [...path, String(entry)];
          this.#note(here, { keyStart: this.#at, valueStart: this.#at });
          this.#value(here);
        });
      case '{':
        return this.#list('}', () => this.#assignment(path));
      default:
        this.#run(/[^,\]}\n#]+/y);
    }
  }

  #list(end: string, entry: (index: number) => void): void {
    this.#at++;
    for (let index = 0; ; index++) {
      this.#skipBlank();
      if (this.#at >= this.#text.length || this.#text[this.#at] === end) break;
      entry(index);
      this.#skipBlank();
      if (this.#text[this.#at] === ',') this.#at++;
    }
    this.#at++;
  }

  #string(): void {
    this.#run(/"""(?:\\[\s\S]|[^\\])*?"{3,5}(?!")|'''[\s\S]*?'{3,5}(?!')|"(?:\\.|[^"\\])*"|'[^']*'/y);
  }

  #skipSpaces(): void {
    this.#run(/[ \t]*/y);
  }

  #skipBlank(): void {
    this.#run(/(?:\s|#[^\n]*)*/y);
  }

  #run(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    // Text that the parser accepted always matches; going on by one keeps any other from standing here for ever.
    this.#at += found ? found[0].length : 1;
  }
}
