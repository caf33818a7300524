/** One character of a text: which of ASCII it may be, and whether it may be another. */
interface Character {
  readonly ascii: string;
  readonly others: boolean;
}

/** A part of a pattern, as often as it may stand there; `most` may be Infinity. */
export interface Part {
  readonly of: Character | readonly Sequence[];
  readonly least: number;
  readonly most: number;
}

/** Parts, one behind the other. */
export type Sequence = readonly Part[];

/** What a text may be of which nothing is said. */
export const anyCharacter: Character = {
  ascii: Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join(''),
  others: true,
};

const matching = (test: RegExp): string => [...anyCharacter.ascii].filter((one) => test.test(one)).join('');

const escapes: Readonly<Record<string, string>> = {
  d: matching(/\d/),
  w: matching(/\w/),
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Reads a regular expression as contracts write them: characters, classes, groups, alternatives, and how often each stands. */
class Reader {
  #at = 0;
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(): readonly Sequence[] {
    const found: Sequence[] = [this.#sequence()];
    while (this.#takes('|')) found.push(this.#sequence());
    return found;
  }

  get isDone(): boolean {
    return this.#at === this.#source.length;
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #next(): string {
    const character = this.#source[this.#at];
    if (character === undefined) throw new RangeError(`the pattern ${this.#source} ends too early`);
    this.#at += 1;
    return character;
  }

  #sequence(): Sequence {
    const parts: Part[] = [];
    while (!this.isDone && !['|', ')'].includes(this.#source[this.#at] ?? '')) {
      const of = this.#one();
      parts.push({ of, ...this.#howOften() });
    }
    return parts;
  }

  #one(): Part['of'] {
    const character = this.#next();
    if (character === '(') {
      if (this.#source.startsWith('?', this.#at) && !this.#takes('?:'))
        throw new RangeError(`the pattern ${this.#source} looks around, which is not measured here`);
      const inside = this.alternatives();
      if (!this.#takes(')')) throw new RangeError(`a group of the pattern ${this.#source} is not closed`);
      return inside;
    }
    if (character === '[') return this.#class();
    if (character === '\\') return this.#escape();
    if (character === '.') return anyCharacter;
    return { ascii: character, others: character > '\u007f' };
  }

  #escape(): Character {
    const character = this.#next();
    if (character === 'x') {
      const ascii = String.fromCharCode(Number.parseInt(this.#next() + this.#next(), 16));
      return { ascii, others: ascii > '\u007f' };
    }
    if (/[pPDWSsBbu0-9]/.test(character)) {
      if (this.#takes('{')) while (this.#next() !== '}');
      return anyCharacter;
    }
    return { ascii: escapes[character] ?? character, others: false };
  }

  #class(): Character {
    const isNegated = this.#takes('^');
    let ascii = '';
    let others = isNegated;
    while (!this.#takes(']')) {
      const first = this.#member();
      others ||= first.others;
      if (first.ascii.length === 1 && this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']') {
        this.#next();
        const last = this.#member().ascii;
        others ||= last > '\u007f';
        ascii += [...anyCharacter.ascii].filter((one) => one >= first.ascii && one <= last).join('');
      } else ascii += first.ascii;
    }
    return { ascii: isNegated ? anyCharacter.ascii : ascii, others };
  }

  #member(): Character {
    const character = this.#next();
    if (character === '\\') return this.#escape();
    return { ascii: character, others: character > '\u007f' };
  }

  #howOften(): Pick<Part, 'least' | 'most'> {
    if (this.#takes('?')) return { least: 0, most: 1 };
    if (this.#takes('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.#takes('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
    const [whole, least = '', comma, most] = /^\{(\d+)(,)?(\d+)?\}/.exec(this.#source.slice(this.#at)) ?? [];
    if (whole === undefined) return { least: 1, most: 1 };
    this.#at += whole.length;
    const end = comma === undefined ? Number(least) : Number.POSITIVE_INFINITY;
    return { least: Number(least), most: most === undefined ? end : Number(most) };
  }
}

const anything: Part = { of: anyCharacter, least: 0, most: Number.POSITIVE_INFINITY };

/** What texts may be that a regular expression finds something in. RangeError where it is written as contracts do not. */
export const textsOf = (source: string): readonly Sequence[] => {
  const fromStart = source.startsWith('^');
  const toEnd = /(^|[^\\])(\\\\)*\$$/.test(source);
  const reader = new Reader(source.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined));
  const found = reader.alternatives();
  if (!reader.isDone) throw new RangeError(`the pattern ${source} is not understood`);
  // An anchor holds for its own alternative alone.
  const isWhole = found.length === 1;
  return found.map((sequence) => [
    ...(fromStart && isWhole ? [] : [anything]),
    ...sequence,
    ...(toEnd && isWhole ? [] : [anything]),
  ]);
};
