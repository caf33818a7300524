import { hasDigit, isLight, wordsOf } from './words.ts';

/** Kinds of street, each with the ways to shorten or misspell it. "St" may also be a saint: the two are one word here. */
const streetForms = `
street: st str strt saint
road: rd
avenue: ave av aven
lane: ln
drive: dr drv
close: cl
court: ct crt
crescent: cres cresent cr
place: pl
square: sq
terrace: ter tce terr tr
parade: pde
highway: hwy
boulevard: blvd bvd boul
gardens: gdns gdn garden
grove: gr gro grv
circuit: cct
circle: cir
esplanade: esp
way: wy
walk: wk
mews: mws
row:
alley: aly
cove: cv
rise:
view: vw
parkway: pkwy
strasse:
rue:
via:
`;

/** Other words that addresses shorten. */
const otherForms = `
mount: mt
fort: ft
north: n
south: s
east: e
west: w
northeast: ne
northwest: nw
southeast: se
southwest: sw
hill: hl
hills: hls
heights: hts
park: pk
green: grn
building: bldg
house: ho hse
lower: lwr
upper: upr
great: gt
little: lt
`;

const readForms = (text: string): (readonly [string, readonly string[]])[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [whole = '', rest = ''] = line.split(':');
      return [whole, rest.split(' ').filter((form) => form !== '')];
    });

const wholeForms: ReadonlyMap<string, string> = new Map(
  [...readForms(streetForms), ...readForms(otherForms)].flatMap(([whole, forms]) =>
    forms.map((form): [string, string] => [form, whole]),
  ),
);
const streetTypes: ReadonlySet<string> = new Set(readForms(streetForms).map(([whole]) => whole));

/** A word as addresses are compared: written out, so that `st` and `street` are one. */
export const addressForm = (word: string): string => wholeForms.get(word) ?? word;

/** Whether a word (in its address form) only says what kind of street it is, and is no way to find one. */
export const isStreetType = (form: string): boolean => streetTypes.has(form);

/** Words of an address in their address form. */
export const addressWordsOf = (address: string): readonly string[] => wordsOf(address).map(addressForm);

/** What of one address leads to it: single words, and house numbers each with a word of their line. */
export interface AddressKeys {
  readonly words: readonly string[];
  readonly pairs: readonly (readonly [string, string])[];
}

const numbersPerLine = 2;
const wordsPerLine = 5;

const lineKeys = (line: string): AddressKeys => {
  const forms = wordsOf(line)
    .filter((word) => !isLight(word))
    .map(addressForm);
  const numbers = forms.filter(hasDigit).slice(0, numbersPerLine);
  const words = forms.filter((form) => !hasDigit(form)).slice(0, wordsPerLine);
  const telling = words.filter((form) => !isStreetType(form));
  return {
    words: telling.length > 0 ? telling : words,
    pairs: numbers.flatMap((number) => words.map((word): readonly [string, string] => [number, word])),
  };
};

/**
 * Keys of an address written in one text, its lines parted by commas or line ends. A street type leads to the address only
 * where the line has no other word ("The Avenue"); light words ("flat", "the") never do.
 */
export const addressKeys = (address: string): AddressKeys => {
  const lines = address
    .split(/[,;\n]/)
    .slice(0, 6)
    .map(lineKeys);
  return { words: lines.flatMap((line) => line.words), pairs: lines.flatMap((line) => line.pairs) };
};
