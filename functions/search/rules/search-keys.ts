import { addressKeys } from '#shared/text/address-words.ts';
import { type Country, phoneOf } from '#shared/text/phone.ts';
import { isLight, joinedForms, nameForm, wordsOf } from '#shared/text/words.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { writeReference } from '#shared/vocabulary/references.ts';
import { areaOf, codeOf, emailOf, mailNameOf, postcodeOf, restOf, tailsOf } from './exact-values.ts';
import { Gathering } from './gathering.ts';
import type { Reason } from './reasons.ts';

/**
 * Kinds of value found whole, or by a part: their last characters or first half, what stands before the @. Numbers and references share
 * one kind, so that one read asks for all of them; ends of numbers do not, so that the many of one kind leave the others room. A number
 * without the letters that it begins with is one of its ends.
 */
export const exactKinds = [
  'phone',
  'email',
  'mail-name',
  'postcode',
  'code',
  'area',
  'phone-tail',
  'serial-tail',
  'account-tail',
] as const;
export type ExactKind = (typeof exactKinds)[number];

/** Kinds of which a value is soon tried out: they lead nowhere for those who may find by little else. */
export const guessableKinds: ReadonlySet<ExactKind> = new Set([
  'mail-name',
  'phone-tail',
  'serial-tail',
  'account-tail',
]);

/** The number of the rules by which keys are made: with another one, what a data folder is found by is made anew. */
export const searchRules = 1;

/** What a subject says that people may search by; each list may be left out. */
export interface SearchSubject {
  readonly names?: readonly string[];
  /** Names that were said before those that stand now. */
  readonly formerNames?: readonly string[];
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
export const mostFormerNames = 4;
export const mostAddresses = 6;
const wordsPerName = 6;
/** Longest text that an entry repeats, in code points. */
export const longestShown = 160;

const shown = (text: string): string => Array.from(text.normalize('NFC').trim()).slice(0, longestShown).join('');

/** The two words of a pair as its key says them. */
export const pairOf = (left: string, right: string): string => (left < right ? `${left} ${right}` : `${right} ${left}`);

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
  const addNumber = (kind: 'serial' | 'account', value: string | undefined, text: string): void => {
    add('code', value, [kind, shown(text)]);
    for (const end of [...tailsOf(value ?? ''), restOf(value ?? '')]) add(`${kind}-tail`, end, [kind, shown(text)]);
  };
  for (const text of subject.phones ?? []) {
    const phone = phoneOf(text, country);
    const reason: Reason = ['phone', phone?.e164 ?? shown(text)];
    add('phone', phone?.national, reason);
    for (const tail of tailsOf(phone?.national ?? '')) add('phone-tail', tail, reason);
  }
  for (const text of subject.emails ?? []) {
    const email = emailOf(text);
    add('email', email, ['email', shown(text)]);
    add('mail-name', mailNameOf(email ?? ''), ['email', shown(text)]);
  }
  for (const text of subject.postcodes ?? []) {
    const value = postcodeOf(text);
    add('postcode', value, ['postcode', shown(text)]);
    add('area', areaOf(text), ['postcode', shown(text)]);
    for (const address of subject.addresses ?? [])
      if (holds(address, text)) add('postcode', value, ['address', shown(address)]);
  }
  for (const text of subject.serials ?? []) addNumber('serial', codeOf(text), text);
  for (const { serial, from } of subject.goneSerials ?? [])
    addNumber('serial', codeOf(serial), `${serial} (until ${from})`);
  for (const text of subject.accountNumbers ?? []) addNumber('account', codeOf(text), text);
  for (const text of subject.billNumbers ?? []) add('code', codeOf(text), ['bill', shown(text)]);
  for (const reference of subject.references ?? []) {
    add('code', codeOf(reference.value), ['reference', shown(writeReference(reference))]);
  }
  return gathering.sorted();
};

/** Words of a name that lead to it: the light ones only where there are no others. */
export const nameWords = (name: string): readonly string[] => {
  const words = [...new Set(wordsOf(name).map(nameForm))];
  const telling = words.filter((word) => !isLight(word));
  return (telling.length > 0 ? telling : words).slice(0, wordsPerName);
};

/** The words of names and addresses, and their pairs, that a subject is found by. */
export const wordKeys = (subject: SearchSubject): readonly WordKey[] => {
  const gathering = new Gathering<WordName>();
  const add = (kind: WordKey['kind'], form: WordKey['form'], word: string, reason: Reason): void =>
    gathering.add(`${kind} ${form} ${word}`, { kind, form, word }, reason);
  const addName = (name: string, reason: Reason): void => {
    const words = nameWords(name);
    for (const word of joinedForms(name)) add('name', 'word', word, reason);
    for (const [place, word] of words.entries()) {
      add('name', 'word', word, reason);
      for (const other of words.slice(place + 1)) add('name', 'pair', pairOf(word, other), reason);
    }
  };
  for (const name of (subject.names ?? []).slice(0, mostNames)) addName(name, ['name', shown(name)]);
  for (const name of (subject.formerNames ?? []).slice(0, mostFormerNames))
    addName(name, ['name', shown(name), 'former']);
  for (const address of (subject.addresses ?? []).slice(0, mostAddresses)) {
    const keys = addressKeys(address);
    const reason: Reason = ['address', shown(address)];
    for (const word of keys.words) add('address', 'word', word, reason);
    for (const [number, word] of keys.pairs) add('address', 'pair', pairOf(number, word), reason);
  }
  return gathering.sorted();
};

/** All keys under which a subject is found. Nothing is lost to order: equal sets of values give equal keys. */
export const searchKeys = (subject: SearchSubject, settings: { readonly country: Country }): SearchKeys => ({
  exact: exactKeys(subject, settings.country),
  words: wordKeys(subject),
});
