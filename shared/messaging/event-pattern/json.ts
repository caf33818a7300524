/**
 * JSON with its numbers as they were spelled, and with members that stand twice: EventBridge compares some numbers by spelling, and
 * JSON.parse would lose both.
 */
export type Json =
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: Json])[] }
  | { readonly kind: 'array'; readonly items: readonly Json[] }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: 'true' | 'false' | 'null' };

const blank = /[ \t\n\r]*/y;
/** JSON.parse, which reads it, refuses what must not stand in it. */
const stringToken = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const numberToken = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** Deeper is not read; the text of a pattern or event of use is nowhere near. */
const deepest = 500;

const literals = ['true', 'false', 'null'] as const;

class Reader {
  readonly text: string;
  at = 0;
  depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  skip(): void {
    blank.lastIndex = this.at;
    blank.exec(this.text);
    this.at = blank.lastIndex;
  }

  take(token: RegExp): string | undefined {
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** Takes a sign where it is next. */
  sign(sign: string): boolean {
    this.skip();
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  expect(sign: string): void {
    if (!this.sign(sign)) this.fail();
  }

  fail(): never {
    throw new SyntaxError(`not JSON at character ${this.at + 1}`);
  }

  string(): string {
    this.skip();
    const token = this.take(stringToken);
    return token === undefined ? this.fail() : String(JSON.parse(token));
  }

  value(): Json {
    if (this.depth > deepest) throw new SyntaxError(`more than ${deepest} levels deep`);
    this.depth += 1;
    const value = this.sign('{') ? this.object() : this.sign('[') ? this.array() : this.scalar();
    this.depth -= 1;
    return value;
  }

  object(): Json {
    const members: (readonly [string, Json])[] = [];
    if (this.sign('}')) return { kind: 'object', members };
    do {
      const name = this.string();
      this.expect(':');
      members.push([name, this.value()]);
    } while (this.sign(','));
    this.expect('}');
    return { kind: 'object', members };
  }

  array(): Json {
    const items: Json[] = [];
    if (this.sign(']')) return { kind: 'array', items };
    do items.push(this.value());
    while (this.sign(','));
    this.expect(']');
    return { kind: 'array', items };
  }

  scalar(): Json {
    this.skip();
    if (this.text[this.at] === '"') return { kind: 'string', text: this.string() };
    const number = this.take(numberToken);
    if (number !== undefined) return { kind: 'number', text: number };
    const literal = literals.find((word) => this.text.startsWith(word, this.at));
    if (literal === undefined) return this.fail();
    this.at += literal.length;
    return { kind: 'literal', text: literal };
  }
}

/** Reads a JSON text. Throws SyntaxError with the place. */
export const readJson = (text: string): Json => {
  const reader = new Reader(text);
  const value = reader.value();
  reader.skip();
  if (reader.at < text.length) reader.fail();
  return value;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** A value as JSON.stringify would write it, without writing it. */
export const jsonOf = (value: unknown): Json => {
  if (typeof value === 'string') return { kind: 'string', text: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', text: String(value) };
  if (typeof value === 'boolean') return { kind: 'literal', text: value ? 'true' : 'false' };
  if (Array.isArray(value)) return { kind: 'array', items: value.map(jsonOf) };
  if (!isObject(value)) return { kind: 'literal', text: 'null' };
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return { kind: 'object', members: members.map(([name, member]) => [name, jsonOf(member)] as const) };
};
