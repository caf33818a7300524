import { addressForm, isStreetType } from '#shared/text/address-words.ts';
import { plainValue, postcodeOf } from './plain-values.ts';

/** An address in parts, as they are compared. */
export interface AddressParts {
  readonly number: string | undefined;
  readonly street: string | undefined;
  readonly line2: string | undefined;
  readonly town: string | undefined;
  readonly state: string | undefined;
  readonly postcode: string | undefined;
}

const stateNames: ReadonlyMap<string, string> = new Map(
  `nsw:new south wales;vic:victoria;qld:queensland;sa:south australia;wa:western australia;tas:tasmania;act:australian capital territory;nt:northern territory
al:alabama;ak:alaska;az:arizona;ar:arkansas;ca:california;co:colorado;ct:connecticut;de:delaware;fl:florida;ga:georgia;hi:hawaii;id:idaho;il:illinois;in:indiana
ia:iowa;ks:kansas;ky:kentucky;la:louisiana;me:maine;md:maryland;ma:massachusetts;mi:michigan;mn:minnesota;ms:mississippi;mo:missouri;mt:montana;ne:nebraska
nv:nevada;nh:new hampshire;nj:new jersey;nm:new mexico;ny:new york;nc:north carolina;nd:north dakota;oh:ohio;ok:oklahoma;or:oregon;pa:pennsylvania
ri:rhode island;sc:south carolina;sd:south dakota;tn:tennessee;tx:texas;ut:utah;vt:vermont;va:virginia;wv:west virginia;wi:wisconsin;wy:wyoming;dc:district of columbia`
    .split(/[;\n]/)
    .map((entry): [string, string] => {
      const [code = '', name = ''] = entry.split(':');
      return [name, code];
    }),
);
const stateCodes: ReadonlySet<string> = new Set(stateNames.values());

const stateOf = (raw: string | undefined): string | undefined => {
  const plain = plainValue(raw);
  return plain === undefined ? undefined : (stateNames.get(plain) ?? plain);
};

const unitWords: ReadonlySet<string> = new Set([
  'flat',
  'unit',
  'apt',
  'apartment',
  'suite',
  'no',
  'number',
  'lot',
  'shop',
  'room',
]);

/** Words of a line, street types and the like written out. */
const lineOf = (raw: string | undefined): string | undefined => {
  const plain = plainValue(raw);
  return plain?.split(' ').map(addressForm).join(' ');
};

const isNumber = (word: string): boolean => /^\d{1,5}[a-z]?$/.test(word);

interface NumberedLine {
  readonly number: string | undefined;
  readonly rest: string | undefined;
}

/** Takes the house number off a line: "Flat 2, 14a High St" has 2 14a. */
const numberedLine = (line: string | undefined): NumberedLine => {
  const words = line?.split(' ') ?? [];
  let from = 0;
  const numbers: string[] = [];
  while (from < words.length) {
    const word = words[from] ?? '';
    if (isNumber(word)) numbers.push(word);
    else if (!unitWords.has(word)) break;
    from += 1;
  }
  if (numbers.length === 0) return { number: undefined, rest: line };
  return { number: numbers.join(' '), rest: words.slice(from).join(' ') || undefined };
};

const ukPostcode = /\b([a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})$/;
const digitPostcode = /(?:^| )(\d{4,5}(?: \d{4})?)$/;

interface Tail {
  readonly rest: string;
  readonly postcode: string | undefined;
  readonly state: string | undefined;
}

const withoutPostcode = (text: string): Tail => {
  const found = ukPostcode.exec(text)?.[1] ?? digitPostcode.exec(text)?.[1];
  if (found === undefined) return { rest: text, postcode: undefined, state: undefined };
  return { rest: text.slice(0, text.length - found.length).trim(), postcode: postcodeOf(found), state: undefined };
};

/** Takes postcode and state off the end of an address, in either order. */
const tailOf = (text: string): Tail => {
  const first = withoutPostcode(text);
  const words = first.rest.split(' ');
  for (const count of [3, 2, 1]) {
    const name = words.slice(-count).join(' ');
    const state = stateNames.get(name) ?? (count === 1 && stateCodes.has(name) ? name : undefined);
    if (state === undefined || words.length <= count) continue;
    const rest = words.slice(0, -count).join(' ');
    const again = first.postcode === undefined ? withoutPostcode(rest) : { ...first, rest };
    return { rest: again.rest, postcode: again.postcode, state };
  }
  return first;
};

/** Where the street of a line without commas ends: after its type, else after the second word. */
const streetWords = (words: readonly string[]): number => {
  const type = words.findIndex((word, place) => place > 0 && isStreetType(word));
  return type < 0 ? Math.min(2, words.length) : type + 1;
};

/** Takes an address in one text apart: lines by commas where it has them, else by the kind of street. */
const splitWhole = (raw: string): AddressParts => {
  const lines = raw
    .split(/[,;\n]/)
    .map(plainValue)
    .filter((line) => line !== undefined);
  const tail = tailOf(lines.at(-1) ?? '');
  const above = lines.slice(0, -1);
  // A last line with nothing but postcode and state leaves the town to the line before it.
  const rest = [...above, ...(tail.rest === '' ? [] : [tail.rest])].map((line) =>
    line.split(' ').map(addressForm).join(' '),
  );
  if (rest.length > 1) {
    const numbered = rest.map(numberedLine);
    const place = Math.max(
      0,
      numbered.findIndex(({ number, rest: words }) => number !== undefined && words !== undefined),
    );
    const numbers = numbered.slice(0, place + 1).flatMap(({ number }) => (number === undefined ? [] : [number]));
    const between = numbered.flatMap(({ rest: words }, index) =>
      index === place || index === rest.length - 1 || words === undefined ? [] : [words],
    );
    return {
      number: numbers.length === 0 ? undefined : numbers.join(' '),
      street: numbered[place]?.rest,
      line2: between.length === 0 ? undefined : between.join(' '),
      town: place === rest.length - 1 ? undefined : rest.at(-1),
      state: tail.state,
      postcode: tail.postcode,
    };
  }
  const { number, rest: line } = numberedLine(rest[0]);
  const words = line?.split(' ') ?? [];
  const end = streetWords(words);
  return {
    number,
    street: words.slice(0, end).join(' ') || undefined,
    line2: undefined,
    town: words.slice(end).join(' ') || undefined,
    state: tail.state,
    postcode: tail.postcode,
  };
};

export interface WrittenAddress {
  readonly address?: string | undefined;
  readonly number?: string | undefined;
  readonly street?: string | undefined;
  readonly line2?: string | undefined;
  readonly town?: string | undefined;
  readonly state?: string | undefined;
  readonly postcode?: string | undefined;
}

const townOf = (raw: string | undefined): string | undefined => lineOf(raw);

/** An address from parts, from one text, or from both: parts that are there stand over those taken from the text. */
export const addressPartsOf = (written: WrittenAddress): AddressParts => {
  const whole = plainValue(written.address) === undefined ? undefined : splitWhole(written.address ?? '');
  const own = lineOf(written.number);
  const line = lineOf(written.street);
  const { number, rest } = own === undefined ? numberedLine(line) : { number: own, rest: line };
  return {
    number: number ?? whole?.number,
    street: rest ?? whole?.street,
    line2: lineOf(written.line2) ?? whole?.line2,
    town: townOf(written.town) ?? whole?.town,
    state: stateOf(written.state) ?? whole?.state,
    postcode: postcodeOf(written.postcode) ?? whole?.postcode,
  };
};
