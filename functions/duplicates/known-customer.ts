import { type ContactPoint, contact, mayStand } from '#functions/customers/rules/contact-points.ts';
import { readPremiseDigest } from '#functions/premises/rules/premise-digest.ts';
import { type CustomerName, candidatesOf, identity, namesOf } from '#shared/profile/rules/identity.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { bytesOf } from '#shared/profile/store/items.ts';
import { type LoadedSubject, loadStored, readAll, rulesOf } from '#shared/profile/store/subjects.ts';
import { viewRules } from '#shared/profile/store/view-writes.ts';
import { premiseDigestPrefix, subjectPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { type KnownName, type KnownPerson, mostValues } from './rules/known-person.ts';

/** A customer's record as it stands, and what duplicates are looked for by; no person where there is nothing to look for. */
export interface KnownCustomer {
  readonly id: string;
  readonly loaded: LoadedSubject;
  readonly person: KnownPerson | undefined;
}

const byText = <Value>(values: readonly Value[], most: number): readonly Value[] => {
  const texts = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value)
    .slice(0, most);
};

const knownName = (name: CustomerName): readonly KnownName[] => {
  if (isErased(name)) return [];
  if ('organisation' in name) return [{ family: name.organisation }];
  return [{ ...(name.given === undefined ? {} : { given: name.given }), family: name.family }];
};

const isOrganisation = (name: CustomerName): boolean => !isErased(name) && 'organisation' in name;

const valuesOf = (points: readonly ContactPoint[], kind: ContactPoint['kind']): readonly string[] =>
  points.flatMap((point) => (point.kind === kind && mayStand(point) && !isErased(point.value) ? [point.value] : []));

/** What duplicates of a customer are looked for by: every value of any source that may stand; erased and rejected ones never. */
export const knownPerson = (states: States, premises: readonly string[]): KnownPerson | undefined => {
  const { state } = stateOf(states, identity);
  const names = namesOf(state);
  const known = byText(names.flatMap(knownName), mostValues.names);
  if (known.length === 0) return undefined;
  const born = candidatesOf(state, 'dateOfBirth');
  const pinned = state.pins.dateOfBirth?.value;
  const dates = [...born.map(({ value }) => value), pinned].filter((value) => typeof value === 'string');
  const verified = byText(
    born.flatMap(({ value, verified: proved }) => (proved && typeof value === 'string' ? [value] : [])),
    2,
  );
  const { points } = stateOf(states, contact).state;
  return {
    organisation: names.every(isOrganisation),
    names: known,
    birthDates: byText(dates, mostValues.birthDates),
    // Two verified dates that differ are no proof of either.
    ...(verified.length === 1 && verified[0] !== undefined ? { verifiedBirthDate: verified[0] } : {}),
    phones: byText(valuesOf(points, 'phone'), mostValues.phones),
    emails: byText(valuesOf(points, 'email'), mostValues.emails),
    addresses: byText([...valuesOf(points, 'post'), ...premises], mostValues.addresses),
  };
};

/**
 * Addresses of the premises in a customer's view; those that a merge under way does not show yet, and those that were written by
 * other rules, are left out.
 */
const premisesOf = async (profile: Table, customer: string): Promise<readonly string[]> => {
  const items = await readAll(profile, {
    pk: subjectPartition(customer),
    prefix: premiseDigestPrefix,
    consistent: true,
  });
  return items.flatMap((item) => {
    if (item.sk.split('#').length !== 4 || item.p !== undefined || item.r !== viewRules) return [];
    const { address } = readPremiseDigest(bytesOf(item, 'b'));
    return address === null || address === '' ? [] : [address];
  });
};

/**
 * Reads a customer as duplicates are looked for: two Queries. An alias has nothing of its own to be found by, and who was folded by
 * other rules is looked for when ours have folded them.
 */
export const readKnownCustomer = async (profile: Table, id: string): Promise<KnownCustomer> => {
  const [loaded, premises] = await Promise.all([loadStored(profile, id), premisesOf(profile, id)]);
  const isOwn = loaded.exists && loaded.head.aliasOf === undefined && rulesOf(loaded.states) === 'current';
  return { id, loaded, person: isOwn ? knownPerson(loaded.states, premises) : undefined };
};
