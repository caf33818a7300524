/** What a group of letters adds to the two codes, and how many letters it takes. */
export interface Sound {
  readonly first: string;
  readonly second: string;
  readonly step: number;
}

export const sound = (first: string, step: number, second: string = first): Sound => ({ first, second, step });
export const silent = (step: number): Sound => sound('', step);

/** A word in capitals, as the rules of double metaphone look at it. Places outside the word hold nothing. */
export interface Spelling {
  readonly length: number;
  readonly last: number;
  /** Looks Slavic or Germanic by its letters. */
  readonly slavoGermanic: boolean;
  at(place: number): string;
  has(place: number, letters: string): boolean;
  oneOf(place: number, length: number, ...choices: readonly string[]): boolean;
  vowel(place: number): boolean;
}

const plainLetter = (sign: string): string =>
  sign === 'Ç' || sign === 'Ñ' ? sign : sign.normalize('NFD').replace(/\p{M}/gu, '');

/** Capitals without accents; Ç and Ñ keep theirs, they sound of their own. */
export const spellingOf = (word: string): Spelling => {
  const text = Array.from(word.normalize('NFC').toUpperCase().normalize('NFC'), plainLetter).join('');
  const has = (place: number, letters: string): boolean => place >= 0 && text.startsWith(letters, place);
  return {
    length: text.length,
    last: text.length - 1,
    slavoGermanic: /[WK]|CZ|WITZ/.test(text),
    at: (place) => text.charAt(place),
    has,
    oneOf: (place, length, ...choices) =>
      place >= 0 && place + length <= text.length && choices.includes(text.slice(place, place + length)),
    vowel: (place) => /^[AEIOUY]$/.test(text.charAt(place)),
  };
};
