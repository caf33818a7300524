import type { Fact, FactOf } from '#shared/contracts/facts/fact.ts';
import { type Erased, isErased } from '#shared/vocabulary/fact.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import type { CustomerKind } from '#shared/vocabulary/statuses.ts';
import { dayOf } from './fact-data.ts';
import type { Family } from './fold.ts';
import { type Candidate, type Choice, choose, nextChange, type Pin } from './survivorship.ts';
import { type ProfileAttribute, policyOf, profileAttributes } from './survivorship-policy.ts';
import { sourceOf } from './writer.ts';

export type PersonName = { readonly title?: string; readonly given?: string; readonly family: string };
export type CustomerName = PersonName | { readonly organisation: string } | Erased;

/** What one source said last of one attribute and the validators let stand; a null value is an explicit clearing. */
export interface Said<Value> {
  readonly value: Value | null;
  readonly at: string;
  readonly fact: string;
  /** As the fact has it. */
  readonly day?: string;
  readonly verified?: true;
  readonly verdict?: 'warned';
}

/** Each attribute with the type of its value. */
export interface ProfileValues {
  readonly name: CustomerName;
  readonly kind: CustomerKind;
  readonly dateOfBirth: string | Erased;
  readonly language: string;
}
export type SourceRecord = { readonly [Name in ProfileAttribute]?: Said<ProfileValues[Name]> };
export type Pins = { readonly [Name in ProfileAttribute]?: Pin<ProfileValues[Name]> };

/**
 * Who a customer is, as each source says it: the last word of each source on each attribute that may stand, and what people
 * hold fast. Which value stands is chosen while reading (`profileOn`), since pins end and ranks age with the days. A word that the
 * validators rejected is in its fact alone: here it would take the place of a good one.
 */
export interface IdentityState {
  readonly registered: boolean;
  /** By source system, customers' own words at our door apart from those of staff; the latest 8. */
  readonly records: Readonly<Record<string, SourceRecord>>;
  readonly pins: Pins;
  readonly since: string | null;
  readonly references: readonly OwnReference[];
  /** Names that a source said before the one it says now, the latest 4; left out where there are none. */
  readonly formerNames?: readonly CustomerName[];
}

/** A reference, and the record that other systems know by it: a merge brings records together, their names stay their own. */
export interface OwnReference extends Reference {
  readonly of: string;
}

type Registered = FactOf<'customer.profile.registered.v1'>;
type Corrected = FactOf<'customer.profile.corrected.v1'>;
type Pinned = FactOf<'customer.attribute.pinned.v1'>;

const nameOf = ({ data: { name } }: Registered | Corrected | Pinned): CustomerName | undefined => {
  if (name === undefined || isErased(name)) return name;
  if ('organisation' in name) return { organisation: name.organisation };
  const { title, given, family } = name;
  return { ...(title === undefined ? {} : { title }), ...(given === undefined ? {} : { given }), family };
};

/** References known, then new ones, at most 40. */
const addReferences = (known: readonly OwnReference[], fact: Registered | Corrected): readonly OwnReference[] => {
  const merged = [...known];
  const named = fact.type === 'customer.profile.corrected.v1' ? fact.data.customer : undefined;
  const of = fact.entity ?? named ?? fact.subjects[0] ?? '';
  for (const { namespace, value } of fact.data.references ?? []) {
    const there = merged.some((one) => one.namespace === namespace && one.value === value);
    if (!there && merged.length < maxReferences) merged.push({ namespace, value, of });
  }
  return merged;
};

const maxReferences = 40;
const maxSources = 8;

const latestOf = (record: SourceRecord): string =>
  profileAttributes
    .map((name) => record[name]?.at ?? '')
    .sort()
    .at(-1) ?? '';

/** Records by name of source; of more than 8 the one that has been silent longest goes. */
const withRecord = (
  records: IdentityState['records'],
  source: string,
  record: SourceRecord,
): IdentityState['records'] => {
  const entries = Object.entries({ ...records, [source]: record }).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length <= maxSources) return Object.fromEntries(entries);
  const silent = entries.reduce((least, entry) => (latestOf(entry[1]) < latestOf(least[1]) ? entry : least));
  return Object.fromEntries(entries.filter((entry) => entry !== silent));
};

/** The attributes that a fact clears, and those it says were proved. */
const clearedBy = (fact: Fact): readonly string[] =>
  fact.type === 'customer.profile.corrected.v1' ? (fact.data.clear ?? []) : [];
const provedBy = ({ data: { verified = [] } }: Registered | Corrected): readonly string[] => verified;

/** What a fact says of one attribute and may stand: a value, a clearing, or nothing. */
const saidOf = <Value>(
  fact: Registered | Corrected,
  name: ProfileAttribute,
  value: Value | undefined,
): Said<Value> | undefined => {
  const cleared = clearedBy(fact).includes(name);
  const verdict = fact.verdicts?.[name]?.verdict;
  if ((value === undefined && !cleared) || verdict === 'rejected') return undefined;
  return {
    value: value ?? null,
    at: fact.occurredAt,
    fact: fact.id,
    ...(fact.day === undefined ? {} : { day: fact.day }),
    ...(provedBy(fact).includes(name) ? { verified: true as const } : {}),
    ...(verdict === undefined ? {} : { verdict }),
  };
};

/** Values of the attributes as the data of a fact holds them. */
const valuesOf = (
  fact: Registered | Corrected | Pinned,
): { readonly [Name in ProfileAttribute]: ProfileValues[Name] | undefined } => {
  const { kind, dateOfBirth, language } = fact.data;
  return { name: nameOf(fact), kind, dateOfBirth, language };
};

const saysValues = (fact: Fact): fact is Registered | Corrected | Pinned =>
  fact.type === 'customer.profile.registered.v1' ||
  fact.type === 'customer.profile.corrected.v1' ||
  fact.type === 'customer.attribute.pinned.v1';

/** What a fact says of one attribute; null where it clears it, undefined where it says nothing. */
export const wordOf = <Name extends ProfileAttribute>(fact: Fact, name: Name): ProfileValues[Name] | null | undefined =>
  (saysValues(fact) ? valuesOf(fact)[name] : undefined) ?? (clearedBy(fact).includes(name) ? null : undefined);

const maxFormerNames = 4;

/** The name that a source takes back by saying another one, behind those it took back before. */
const withFormerName = (
  { formerNames: known = [] }: IdentityState,
  before: CustomerName | null | undefined,
  now: CustomerName | null | undefined,
): Pick<IdentityState, 'formerNames'> => {
  const same = (one: CustomerName, other: CustomerName): boolean => JSON.stringify(one) === JSON.stringify(other);
  const isGone = before !== undefined && before !== null && !isErased(before) && now !== undefined;
  const formerNames =
    isGone && !(now !== null && same(before, now))
      ? [...known.filter((name) => !same(name, before)), before].slice(-maxFormerNames)
      : known;
  return formerNames.length === 0 ? {} : { formerNames };
};

const changed = (state: IdentityState, fact: Registered | Corrected): IdentityState => {
  const values = valuesOf(fact);
  const said: SourceRecord = {
    ...entry('name', saidOf(fact, 'name', values.name)),
    ...entry('kind', saidOf(fact, 'kind', values.kind)),
    ...entry('dateOfBirth', saidOf(fact, 'dateOfBirth', values.dateOfBirth)),
    ...entry('language', saidOf(fact, 'language', values.language)),
  };
  const source = sourceOf(fact);
  const before = state.records[source] ?? {};
  return {
    ...state,
    registered: true,
    records: withRecord(state.records, source, { ...before, ...said }),
    ...withFormerName(state, before.name?.value, said.name?.value),
    references: addReferences(state.references, fact),
  };
};

const entry = <Name extends ProfileAttribute, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } => {
  const record: { [Key in Name]?: Value } = {};
  if (value !== undefined) record[name] = value;
  return record;
};

/** The newest pin of an attribute takes the place of those before it; a value that the validators rejected is not held fast. */
const pinned = (state: IdentityState, fact: Pinned): IdentityState | 'groundless' => {
  if (Object.values(fact.verdicts ?? {}).some(({ verdict }) => verdict === 'rejected')) return 'groundless';
  const values = valuesOf(fact);
  const until = fact.data.until ?? null;
  const held = <Value>(value: Value | undefined): Pin<Value> | undefined =>
    value === undefined ? undefined : { value, at: fact.occurredAt, fact: fact.id, until };
  const pins: Pins = {
    ...entry('name', held(values.name)),
    ...entry('kind', held(values.kind)),
    ...entry('dateOfBirth', held(values.dateOfBirth)),
    ...entry('language', held(values.language)),
  };
  return Object.keys(pins).length === 0 ? 'groundless' : { ...state, pins: { ...state.pins, ...pins } };
};

const earlier = (a: string | null, b: string): string => (a === null || b < a ? b : a);

export const identity: Family<IdentityState> = {
  name: 'identity',
  of: 'customer',
  rules: 5,
  empty: () => ({ registered: false, records: {}, pins: {}, since: null, references: [] }),
  apply(state, fact) {
    switch (fact.type) {
      case 'customer.profile.registered.v1':
        return { ...changed(state, fact), since: earlier(state.since, fact.data.since ?? dayOf(fact)) };
      case 'customer.profile.corrected.v1':
        return state.registered ? changed(state, fact) : 'groundless';
      case 'customer.attribute.pinned.v1':
        return state.registered ? pinned(state, fact) : 'groundless';
      default:
        return 'groundless';
    }
  },
};

/** What the sources say of one attribute, as candidates. */
export const candidatesOf = <Name extends ProfileAttribute>(
  state: IdentityState,
  name: Name,
): readonly Candidate<ProfileValues[Name] | null>[] =>
  Object.entries(state.records).flatMap(([source, record]) => {
    const said: Said<ProfileValues[Name]> | undefined = record[name];
    if (said === undefined) return [];
    const { value, at, fact, day, verified, verdict } = said;
    return [{ value, source, at, fact, day, verified: verified === true, verdict: verdict ?? 'accepted' }];
  });

/** Erased words stand only where there are no others. */
const withoutErased = <Value>(candidates: readonly Candidate<Value>[]): readonly Candidate<Value>[] => {
  const open = candidates.filter(({ value }) => !isErased(value));
  return open.length > 0 ? open : candidates;
};

/** The choice of one attribute on a day. */
export const choiceOf = <Name extends ProfileAttribute>(
  state: IdentityState,
  name: Name,
  today: string,
): Choice<ProfileValues[Name] | null> => {
  const pin: Pin<ProfileValues[Name]> | undefined = state.pins[name];
  return choose<ProfileValues[Name] | null>(withoutErased(candidatesOf(state, name)), pin, policyOf(name), today);
};

/** The profile as it stands on a day. */
export interface Profile {
  readonly kind: CustomerKind;
  readonly name: CustomerName | null;
  readonly dateOfBirth: string | Erased | null;
  readonly language: string | null;
  readonly since: string | null;
}

/** The values that win on a local date, by the declared policy. */
export const profileOn = (state: IdentityState, today: string): Profile => ({
  kind: choiceOf(state, 'kind', today).winner?.value ?? 'person',
  name: choiceOf(state, 'name', today).winner?.value ?? null,
  dateOfBirth: choiceOf(state, 'dateOfBirth', today).winner?.value ?? null,
  language: choiceOf(state, 'language', today).winner?.value ?? null,
  since: state.since,
});

/** First date after `today` on which time alone may change the profile; null where none does. */
export const profileHoldsUntil = (state: IdentityState, today: string): string | null =>
  profileAttributes
    .map((name) => nextChangeOf(state, name, today))
    .filter((date) => date !== undefined)
    .sort()[0] ?? null;

const nextChangeOf = <Name extends ProfileAttribute>(state: IdentityState, name: Name, today: string) => {
  const pin: Pin<ProfileValues[Name]> | undefined = state.pins[name];
  return nextChange<ProfileValues[Name] | null>(withoutErased(candidatesOf(state, name)), pin, policyOf(name), today);
};

/** Every name a source knows the customer by and that may stand: people are found by each. */
export const namesOf = (state: IdentityState): readonly CustomerName[] => {
  const said = [state.pins.name, ...candidatesOf(state, 'name')];
  return said.flatMap((one) => (one?.value === undefined || one.value === null ? [] : [one.value]));
};

/** Names that sources said before, and none says now. */
export const formerNamesOf = (state: IdentityState): readonly CustomerName[] => {
  const now = new Set(namesOf(state).map((name) => JSON.stringify(name)));
  return (state.formerNames ?? []).filter((name) => !isErased(name) && !now.has(JSON.stringify(name)));
};
