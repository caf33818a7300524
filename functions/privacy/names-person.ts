import { contact } from '#functions/customers/rules/contact-points.ts';
import { identity, namesOf } from '#shared/profile/rules/identity.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { shownName } from '#shared/profile/rules/view/identity-section.ts';
import { isErased } from '#shared/vocabulary/fact.ts';

/** Shortest word of a name that is looked for: shorter ones are words of every text. */
const shortest = 3;

const wordsOf = (text: string): readonly string[] =>
  text
    .toLocaleLowerCase('en')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** Digits of a phone number that are there with and without the codes of country and area. */
const lastDigits = 7;

/** What of a contact point tells whose it is, in whichever way it is written. */
const tellingOf = (value: string): string => {
  const said = wordsOf(value).join('');
  return /^\d+$/.test(said) ? said.slice(-lastDigits) : said;
};

/** Whether a text says who somebody is: a word of a name of theirs, or a contact point. */
export const namesPerson = (states: States, text: string): boolean => {
  const said = new Set(wordsOf(text));
  const names = namesOf(stateOf(states, identity).state).flatMap((name) => shownName({ name }) ?? []);
  if (names.flatMap(wordsOf).some((word) => word.length >= shortest && said.has(word))) return true;
  const run = wordsOf(text).join('');
  return stateOf(states, contact).state.points.some(({ value }) => !isErased(value) && run.includes(tellingOf(value)));
};
