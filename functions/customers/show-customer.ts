import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import { type ContactPoint, contact, mayStand } from '#shared/domain/profile/contact-points.ts';
import { shownName } from '#shared/domain/profile/customer-sections.ts';
import { type States, stateOf } from '#shared/domain/profile/families.ts';
import { identity, profileOn } from '#shared/domain/profile/identity.ts';
import { covers } from '#shared/domain/profile/periods.ts';
import { roles, rolesHeld } from '#shared/domain/profile/roles.ts';
import { versionOf } from '#shared/store/view-writes.ts';
import { isErased } from '#shared/vocabulary/fact.ts';

/** A contact point as routes answer it; undefined where its value has been erased. */
export const contactPointView = (point: ContactPoint) => {
  const { label, value, ...rest } = point;
  if (isErased(value)) return undefined;
  return { ...rest, value, ...(typeof label === 'string' ? { label } : {}) };
};

/** A customer as their own partition tells it. */
export const customerView = (id: string, states: States, today: string): AnswerOf<'readCustomer'> => {
  const { state } = stateOf(states, identity);
  const profile = profileOn(state, today);
  const name = shownName(profile);
  const held = rolesHeld(stateOf(states, roles).state.roles);
  const current = held.filter((role) => covers(role, today));
  return {
    id,
    kind: profile.kind,
    ...(name === null ? {} : { name }),
    ...(profile.name === null || isErased(profile.name) ? {} : { nameParts: { ...profile.name } }),
    ...(typeof profile.dateOfBirth === 'string' ? { dateOfBirth: profile.dateOfBirth } : {}),
    ...(profile.language === null ? {} : { language: profile.language }),
    status: current.length > 0 ? 'active' : held.some(({ from }) => from <= today) ? 'former' : 'prospect',
    since: profile.since,
    references: state.references.map(({ of: _record, ...reference }) => reference),
    contactPoints: stateOf(states, contact)
      .state.points.filter(mayStand)
      .flatMap((point) => contactPointView(point) ?? []),
    accounts: [...new Set(current.map((role) => role.account))],
    version: versionOf(states),
    masked: [],
  };
};
