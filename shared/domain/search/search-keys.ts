import type { Reference } from '#shared/vocabulary/references.ts';
import { writeReference } from '#shared/vocabulary/references.ts';
import { SearchKey } from '#shared/vocabulary/statuses.ts';
import { addressKeys } from './address-words.ts';
import { codeOf, emailOf, postcodeOf } from './exact-values.ts';
import { type Country, phoneOf } from './phone.ts';
import { isLight, joinedForms, wordsOf } from './words.ts';

/** Why something was found, as callers read it. */
export const reasonKeys = SearchKey.options;
export type ReasonKey = SearchKey;

/** Kinds of value found whole. Numbers and references share one kind, so that one read asks for all of them. */
export const exactKinds = ['phone', 'email', 'postcode', 'code'] as const;
export type ExactKind = (typeof exactKinds)[number];

/** What a subject says that people may search by; each list may be left out. */
export interface SearchSubject {
  readonly names?: readonly string[];
  readonly phones?: readonly string[];
  readonly emails?: readonly string[];
  readonly postcodes?: readonly string[];
  /** Each address in one text, lines parted by commas. */
  readonly addresses?: readonly string[];
  readonly references?: readonly Reference[];
  /** Serials (and ids) of meters. */
  readonly serials?: readonly string[];
  /** Of meters that have gone or are to go, with the local date from which they are no longer there. */
  readonly goneSerials?: readonly { readonly serial: string; readonly from: string }[];
  readonly accountNumbers?: readonly string[];
  readonly billNumbers?: readonly string[];
}

/** One reason: which field, and its value as people read it. */
export type Reason = readonly [key: ReasonKey, shown: string];

/** A value found whole, e.g. kind `phone`, value `1632960123`, says `[['phone', '+441632960123']]`. */
export interface ExactKey {
  readonly kind: ExactKind;
  readonly value: string;
  readonly says: readonly Reason[];
}

/** A word of a name or an address, or two of one (parted by a blank, in order of the alphabet). */
export interface WordKey {
  readonly kind: 'name' | 'address';
  readonly form: 'word' | 'pair';
  readonly word: string;
  readonly says: readonly Reason[];
}

/** Keys of a subject, each once, in order of the alphabet; equal subjects have equal keys. */
export interface SearchKeys {
  readonly exact: readonly ExactKey[];
  readonly words: readonly WordKey[];
}

export const noKeys: SearchKeys = { exact: [], words: [] };

/** How much of one subject is kept: what is beyond, in order of the lists, is not found by. */
export const mostNames = 6;
export const mostAddresses = 6;
const wordsPerName = 6;
/** Longest text that an entry repeats, in code points. */
const longestShown = 160;
/** Most values that one entry names. */
const mostReasons = 4;

const shown = (text: string): string => Array.from(text.normalize('NFC').trim()).slice(0, longestShown).join('');

/** The two words of a pair as its key says them. */
export const pairOf = (left: string, right: string): string => (left < right ? `${left} ${right}` : `${right} ${left}`);

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Gathers reasons under keys, so that each key stands once. */
class Gathering<Key> {
  readonly #found = new Map<string, { readonly key: Key; readonly says: Map<string, Reason> }>();

  add(name: string, key: Key, reason: Reason): void {
    const entry = this.#found.get(name) ?? { key, says: new Map<string, Reason>() };
    this.#found.set(name, entry);
    entry.says.set(reason.join(' '), reason);
  }

  sorted(): readonly (Key & { readonly says: readonly Reason[] })[] {
    return [...this.#found.entries()]
      .sort(([left], [right]) => compare(left, right))
      .map(([, { key, says }]) => ({
        ...key,
        says: [...says.entries()]
          .sort(([left], [right]) => compare(left, right))
          .map(([, reason]) => reason)
          .slice(0, mostReasons),
      }));
  }
}

type ExactName = Pick<ExactKey, 'kind' | 'value'>;
type WordName = Pick<WordKey, 'kind' | 'form' | 'word'>;

/** Whether an address names a postcode: then the postcode's entry says the address too, so that "12 ZZ1 4QS" needs one read. */
const holds = (address: string, postcode: string): boolean =>
  ` ${wordsOf(address).join(' ')} `.includes(` ${wordsOf(postcode).join(' ')} `);

const exactKeys = (subject: SearchSubject, country: Country): readonly ExactKey[] => {
  const gathering = new Gathering<ExactName>();
  const add = (kind: ExactKind, value: string | undefined, reason: Reason): void => {
    if (value !== undefined) gathering.add(`${kind} ${value}`, { kind, value }, reason);
  };
  for (const text of subject.phones ?? []) {
    const phone = phoneOf(text, country);
    add('phone', phone?.national, ['phone', phone?.e164 ?? shown(text)]);
  }
  for (const text of subject.emails ?? []) add('email', emailOf(text), ['email', shown(text)]);
  for (const text of subject.postcodes ?? []) {
    const value = postcodeOf(text);
    add('postcode', value, ['postcode', shown(text)]);
    for (const address of subject.addresses ?? [])
      if (holds(address, text)) add('postcode', value, ['address', shown(address)]);
  }
  for (const text of subject.serials ?? []) add('code', codeOf(text), ['serial', shown(text)]);
  for (const { serial, from } of subject.goneSerials ?? [])
    add('code', codeOf(serial), ['serial', shown(`${serial} (until ${from})`)]);
  for (const text of subject.accountNumbers ?? []) add('code', codeOf(text), ['account', shown(text)]);
  for (const text of subject.billNumbers ?? []) add('code', codeOf(text), ['bill', shown(text)]);
  for (const reference of subject.references ?? []) {
    add('code', codeOf(reference.value), ['reference', shown(writeReference(reference))]);
  }
  return gathering.sorted();
};

/** Words of a name that lead to it: the light ones only where there are no others. */
export const nameWords = (name: string): readonly string[] => {
  const words = [...new Set(wordsOf(name))];
  const telling = words.filter((word) => !isLight(word));
  return (telling.length > 0 ? telling : words).slice(0, wordsPerName);
};

const wordKeys = (subject: SearchSubject): readonly WordKey[] => {
  const gathering = new Gathering<WordName>();
  const add = (kind: WordKey['kind'], form: WordKey['form'], word: string, text: string): void =>
    gathering.add(`${kind} ${form} ${word}`, { kind, form, word }, [kind, shown(text)]);
  for (const name of (subject.names ?? []).slice(0, mostNames)) {
    const words = nameWords(name);
    for (const word of joinedForms(name)) add('name', 'word', word, name);
    for (const [place, word] of words.entries()) {
      add('name', 'word', word, name);
      for (const other of words.slice(place + 1)) add('name', 'pair', pairOf(word, other), name);
    }
  }
  for (const address of (subject.addresses ?? []).slice(0, mostAddresses)) {
    const keys = addressKeys(address);
    for (const word of keys.words) add('address', 'word', word, address);
    for (const [number, word] of keys.pairs) add('address', 'pair', pairOf(number, word), address);
  }
  return gathering.sorted();
};

/** All keys under which a subject is found. Nothing is lost to order: equal sets of values give equal keys. */
export const searchKeys = (subject: SearchSubject, settings: { readonly country: Country }): SearchKeys => ({
  exact: exactKeys(subject, settings.country),
  words: wordKeys(subject),
});
