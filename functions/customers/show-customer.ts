import { families } from '#functions/profile.ts';
import type { AnswerOf } from '#functions/routes.ts';
import { identity, profileOn } from '#shared/profile/rules/identity.ts';
import { firstRoleOf } from '#shared/profile/rules/roles-read.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { shownName } from '#shared/profile/rules/view/identity-section.ts';
import { type AccountsHeld, accountsNow } from '#shared/profile/store/roles-held.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { type ContactPoint, contact, mayStand } from './rules/contact-points.ts';

/** A contact point as routes answer it; undefined where its value has been erased. */
export const contactPointView = (point: ContactPoint) => {
  const { label, value, ...rest } = point;
  if (isErased(value)) return undefined;
  return { ...rest, value, ...(typeof label === 'string' ? { label } : {}) };
};

/**
 * A customer as their own partition tells it.
 * @param held accounts that are theirs today, or are to be
 */
export const customerView = (
  id: string,
  states: States,
  held: AccountsHeld,
  today: string,
): AnswerOf<'readCustomer'> => {
  const { state } = stateOf(states, identity);
  const profile = profileOn(state, today);
  const name = shownName(profile);
  const { erasedAt } = stateOf(states, families.erasure).state;
  const now = accountsNow(held, today);
  const first = firstRoleOf(states);
  return {
    id,
    kind: profile.kind,
    ...(name === null ? {} : { name }),
    ...(profile.name === null || isErased(profile.name) ? {} : { nameParts: { ...profile.name } }),
    ...(typeof profile.dateOfBirth === 'string' ? { dateOfBirth: profile.dateOfBirth } : {}),
    ...(profile.language === null ? {} : { language: profile.language }),
    status: now.accounts.length > 0 ? 'active' : first !== null && first <= today ? 'former' : 'prospect',
    since: profile.since,
    references: state.references.map(({ of: _record, ...reference }) => reference),
    contactPoints: stateOf(states, contact)
      .state.points.filter(mayStand)
      .flatMap((point) => contactPointView(point) ?? []),
    ...now,
    version: versionOf(states),
    ...(erasedAt === null ? {} : { erasedAt }),
    masked: [],
  };
};
