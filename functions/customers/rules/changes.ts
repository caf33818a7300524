import type { AnswerMark } from '#shared/access/field-matrix.ts';
import { type Effect, effectsOf } from '#shared/profile/rules/effects.ts';
import { dayOf } from '#shared/profile/rules/fact-data.ts';
import type { OrderedFact } from '#shared/profile/rules/fold.ts';
import { type IdentityState, identity, type Profile, profileOn } from '#shared/profile/rules/identity.ts';
import { shownName } from '#shared/profile/rules/view/identity-section.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { type ContactPoint, contact } from './contact-points.ts';

/** What one fact changed of one field; null is empty. */
export interface Change {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Class of the values. */
  readonly mark: AnswerMark;
}

const attributes: readonly {
  readonly field: string;
  readonly mark: AnswerMark;
  readonly of: (profile: Profile) => unknown;
}[] = [
  { field: 'customer.name', mark: 'identity', of: (profile) => shownName(profile) },
  { field: 'customer.kind', mark: 'plain', of: ({ kind }) => kind },
  {
    field: 'customer.dateOfBirth',
    mark: 'identity',
    of: ({ dateOfBirth }) => (isErased(dateOfBirth) ? null : dateOfBirth),
  },
  { field: 'contact.preferences.language', mark: 'contact', of: ({ language }) => language },
];

/** The profile as it stood on the day of the fact: a word that lost then changed nothing. */
const identityChanges = ({ entry, before, after }: Effect<IdentityState>): readonly Change[] => {
  const day = dayOf(entry.fact);
  const was = before.registered ? profileOn(before, day) : undefined;
  const is = profileOn(after, day);
  return attributes.map(({ field, mark, of }) => ({
    field,
    before: was === undefined ? null : of(was),
    after: of(is),
    mark,
  }));
};

const members = [
  ['value', 'contact'],
  ['label', 'contact'],
  ['verified', 'plain'],
  ['preferred', 'plain'],
] as const;

const memberOf = (point: ContactPoint | undefined, member: (typeof members)[number][0]): unknown => {
  const value = point?.[member];
  return value === undefined || value === false || isErased(value) ? null : value;
};

const pointChanges = (before: readonly ContactPoint[], after: readonly ContactPoint[]): readonly Change[] =>
  [...new Set([...before, ...after].map(({ id }) => id))].flatMap((id) =>
    members.map(([member, mark]) => ({
      field: `contact.points[${id}].${member}`,
      before: memberOf(
        before.find((point) => point.id === id),
        member,
      ),
      after: memberOf(
        after.find((point) => point.id === id),
        member,
      ),
      mark,
    })),
  );

const differing = (changes: readonly Change[]): readonly Change[] =>
  changes.filter(({ before, after }) => before !== after);

/** What each fact of a customer's `identity` or `contact` family changed, by the fact's id. `facts` are all of the family. */
export const changesOf = (
  family: 'identity' | 'contact',
  facts: readonly OrderedFact[],
): ReadonlyMap<string, readonly Change[]> =>
  new Map(
    family === 'identity'
      ? effectsOf(identity, facts).map((effect) => [
          effect.entry.fact.id,
          effect.counted ? differing(identityChanges(effect)) : [],
        ])
      : effectsOf(contact, facts).map(({ entry, before, after }) => [
          entry.fact.id,
          differing(pointChanges(before.points, after.points)),
        ]),
  );
