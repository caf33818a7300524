import { billing } from '#functions/accounts/rules/billing.ts';
import { contact } from '#functions/customers/rules/contact-points.ts';
import { type SearchKeys, type SearchSubject, searchKeys } from '#functions/search/rules/search-keys.ts';
import type { ClaimHook } from '#shared/facts/commit-plan.ts';
import { account } from '#shared/profile/rules/account.ts';
import { formerNamesOf, identity, namesOf } from '#shared/profile/rules/identity.ts';
import { effectiveInstallations } from '#shared/profile/rules/installations.ts';
import { addressLine, premise } from '#shared/profile/rules/premise.ts';
import { toldInstallations } from '#shared/profile/rules/service-at.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { shownName } from '#shared/profile/rules/view/identity-section.ts';
import { subjectKindOf } from '#shared/table/keys.ts';
import type { Country } from '#shared/text/phone.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { localDateAt, secondsOf } from '#shared/vocabulary/time.ts';
import { exactSearchWrites } from './search.ts';
import type { SearchHash } from './search-hash.ts';

const customerSubject = (states: States): SearchSubject => {
  const { state } = stateOf(states, identity);
  const said = namesOf(state);
  // Who was erased is found by nothing, not by what other systems call them either.
  if (said.length > 0 && said.every(isErased)) return {};
  const names = said.flatMap((name) => shownName({ name }) ?? []);
  const points = stateOf(states, contact).state.points;
  const values = (kind: 'phone' | 'email' | 'post') =>
    points.flatMap((point) => (point.kind === kind && !isErased(point.value) ? [point.value] : []));
  const former = formerNamesOf(state).flatMap((name) => shownName({ name }) ?? []);
  return {
    names: [...new Set(names)],
    formerNames: [...new Set(former)].filter((name) => !names.includes(name)),
    phones: values('phone'),
    emails: values('email'),
    addresses: values('post'),
    references: state.references,
  };
};

const accountSubject = (states: States): SearchSubject => ({
  accountNumbers: stateOf(states, account).state.references.map((reference) => reference.value),
  references: stateOf(states, account).state.references,
  billNumbers: stateOf(states, billing).state.bills.flatMap((bill) => bill.number ?? []),
});

/** Serials of the meters of a premise: a meter is found there until it has gone, and marked with its last day once that is told. */
const serialsOf = (states: States): Pick<SearchSubject, 'serials' | 'goneSerials'> => {
  const zones = new Map(stateOf(states, premise).state.servicePoints.map(({ id, zone }) => [id, zone] as const));
  const present = new Set<string>();
  const gone = new Map<string, string>();
  for (const { serial, servicePoint, to } of effectiveInstallations(toldInstallations(states))) {
    if (serial === null) continue;
    if (to === null) present.add(serial);
    else gone.set(serial, localDateAt(zones.get(servicePoint) ?? 'UTC', secondsOf(to)));
  }
  return {
    serials: [...present],
    goneSerials: [...gone].flatMap(([serial, from]) => (present.has(serial) ? [] : [{ serial, from }])),
  };
};

const premiseSubject = (states: States): SearchSubject => {
  const { state } = stateOf(states, premise);
  const address = state.address === null || isErased(state.address) ? undefined : state.address;
  return {
    addresses: address === undefined ? [] : [addressLine(address)],
    postcodes: address?.postcode === undefined ? [] : [address.postcode],
    references: [...state.references, ...state.servicePoints.flatMap((point) => point.references)],
    ...serialsOf(states),
  };
};

/** What a subject's states say that people may search by; undefined where nothing. */
export const searchSubjectOf = (subject: string, states: States): SearchSubject | undefined => {
  switch (subjectKindOf(subject)) {
    case 'customer':
      return customerSubject(states);
    case 'account':
      return accountSubject(states);
    case 'premise':
      return premiseSubject(states);
    default:
      return undefined;
  }
};

/** Keys under which a subject is found. */
export const searchKeysOf = (subject: string, states: States, country: Country): SearchKeys | undefined => {
  const described = searchSubjectOf(subject, states);
  return described === undefined ? undefined : searchKeys(described, { country });
};

/** Keeps exact search entries in the commit that changes what they say. */
export const exactSearchHook =
  (country: Country, hash: SearchHash): ClaimHook =>
  async (subject, before, after) =>
    exactSearchWrites(hash, searchKeysOf(subject, before, country), searchKeysOf(subject, after, country), subject);
