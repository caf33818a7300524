import { isNothingKeptOf } from '#functions/profile.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import type { FactDefinition } from '#shared/contracts/facts/definition.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { type LoadedSubject, loadStored, loadSurvivor } from '#shared/profile/store/subjects.ts';
import { subjectKindOf } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { type IdOrReference, idOrReference } from '#shared/vocabulary/references.ts';
import type { PlacedFact } from './placing/placed-fact.ts';

/** What is still kept of a customer who is being erased, or was: that it was done, and that a role on an account is over. */
const stillKept: ReadonlySet<string> = new Set(['customer.erasure.completed.v1', 'account.role.ended.v1']);

/**
 * Whether a fact names a customer who is being erased, or was. Decided on what the commit reads anyhow, and held by the version of
 * their HEAD: from the approval on nothing more is kept of them.
 * @param loaded its subjects, and the survivors of those that were merged
 */
export const isOfErased = ({ fact }: PlacedFact, loaded: readonly LoadedSubject[]): boolean => {
  if (stillKept.has(fact.type)) return false;
  return fact.subjects.some((subject) => {
    if (subjectKindOf(subject) !== 'customer') return false;
    const named = loaded.find((one) => one.subject === subject);
    const holder = loaded.find((one) => one.subject === named?.head.aliasOf);
    return [named, holder].some((one) => one !== undefined && isNothingKeptOf(one.states));
  });
};

const Named = idOrReference('customer');

/** Whether any of some subjects is a customer who is being erased, or was. */
export const namesErased = async (profile: Table, subjects: readonly string[]): Promise<boolean> => {
  for (const subject of new Set(subjects)) {
    if (kindOf(subject) !== 'customer') continue;
    const { states } = await loadSurvivor(profile, await loadStored(profile, subject));
    if (isNothingKeptOf(states)) return true;
  }
  return false;
};

/** Whether a field of a type's data names customers, or, where a fact of it makes one, says what others call them. */
export const isNamingCustomer = ({ resolves, creates }: FactDefinition, field: string): boolean =>
  resolves[field] === 'customer' || (creates === 'customer' && field === 'references');

/**
 * Customers that a fact as it was sent names: by the fields of its type that name one, or, where it makes one, by its own references;
 * of a type that is not known, by any field.
 */
const namedIn = (raw: unknown): readonly IdOrReference[] => {
  if (typeof raw !== 'object' || raw === null || !('type' in raw) || !('data' in raw)) return [];
  const definition = factTypes.get(String(raw.type));
  const { data } = raw;
  if (typeof data !== 'object' || data === null) return [];
  const named = Object.entries(data).flatMap(([field, value]): readonly unknown[] =>
    definition === undefined || isNamingCustomer(definition, field) ? (Array.isArray(value) ? value : [value]) : [],
  );
  return named.flatMap((one) => Named.safeParse(one).data ?? []);
};

/**
 * Whether a fact as it was sent names a customer who is being erased, or was, though it found no place: what waits or is kept aside
 * would else keep of them what no record does.
 */
export const rawNamesErased = async (profile: Table, raw: unknown): Promise<boolean> => {
  for (const named of namedIn(raw)) {
    const customer = await resolveNamed(profile, 'customer', named);
    if (customer !== undefined && (await namesErased(profile, [customer]))) return true;
  }
  return false;
};
