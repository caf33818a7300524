import { Refusal } from './refusal.ts';

const wordsOf = (name: string): readonly string[] => name.split('-');
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** `field-visit` as a constant: `fieldVisit`. */
export const camel = (name: string): string =>
  wordsOf(name)
    .map((word, at) => (at === 0 ? word : capital(word)))
    .join('');
/** `field-visit` as a type or construct: `FieldVisit`. */
export const pascal = (name: string): string => wordsOf(name).map(capital).join('');
/** `field-visit` in a text: `field visit`. */
export const inWords = (name: string): string => wordsOf(name).join(' ');
/** `field visit` where a sentence begins. */
export const sentence = (text: string): string => capital(text);
/** A member of an object by a name: quoted where it has a dash. */
export const member = (name: string): string => (name.includes('-') ? `'${name}'` : name);

const kebab = /^[a-z]+(-[a-z]+)*$/;

/** @throws Refusal where a name is not in small letters and dashes */
export const checkName = (what: string, name: string): void => {
  if (!kebab.test(name))
    throw new Refusal(`${what} "${name}": write it in small letters, words joined by dashes, e.g. field-visits`);
};

/** A fact type as it is asked for, its parts, and its constant. */
export interface FactName {
  /** `contact.complaint.made.v1` */
  readonly type: string;
  readonly domain: string;
  readonly entity: string;
  readonly verb: string;
  /** `complaintMade` */
  readonly constant: string;
}

/** @throws Refusal where a type is not `<domain>.<entity>.<past-verb>`, or is one that is made of others */
export const factNamed = (asked: string): FactName => {
  const [domain, entity, verb, version = 'v1', ...more] = asked.split('.');
  const words = [domain, entity, verb];
  if (more.length > 0 || version !== 'v1' || words.some((word) => word === undefined || !kebab.test(word)))
    throw new Refusal(`fact type "${asked}": write <domain>.<entity>.<past-verb>, e.g. contact.complaint.made`);
  if (verb === 'retracted')
    throw new Refusal(`fact type "${asked}": the retracted twin comes with the first type of its entity; add that one`);
  const [d = '', e = '', v = ''] = words;
  return { type: `${d}.${e}.${v}.v1`, domain: d, entity: e, verb: v, constant: camel(`${e}-${v}`) };
};
