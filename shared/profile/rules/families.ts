import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { account, placesOf } from './account.ts';
import {
  type Agreement,
  type EffectiveAgreements,
  effectiveAgreements,
  joinedList,
  supply,
  type ToldAgreements,
} from './agreements.ts';
import { billing } from './billing.ts';
import { contact } from './contact-points.ts';
import { erasure } from './erasure.ts';
import { emptyFold, type Family, type FoldState } from './fold.ts';
import type { PartStates } from './fold-parts.ts';
import { identity } from './identity.ts';
import { metering, type ToldInstallations } from './installations.ts';
import { interactions } from './interactions.ts';
import { links } from './links.ts';
import { outage } from './outages.ts';
import type { Period } from './periods.ts';
import { premise } from './premise.ts';
import { type RoleHeld, roles, rolesHeld, type ToldRoles } from './roles.ts';

/** Every family, by name: the one list the fold reads. */
export const families = {
  identity,
  contact,
  links,
  roles,
  interactions,
  erasure,
  account,
  billing,
  premise,
  supply,
  metering,
  outage,
} as const satisfies Record<FamilyName, Family<unknown>>;

/** States of one subject, by family. */
export type States = ReadonlyMap<FamilyName, FoldState<unknown>>;

/**
 * The state of one family, empty where the subject has none. The map's entry under a family's name was made by that family
 * (states are only made by `foldFrom` and by reading what it made), which the type system cannot follow through the map.
 */
export const stateOf = <State>(states: States, family: Family<State>): FoldState<State> =>
  (states.get(family.name) as FoldState<State> | undefined) ?? emptyFold(family);

/**
 * Agreements of a premise or an account, all parts of them read; parts are made by the rules of agreements alone, as states are by
 * those of their family. Throws where not all were read: a mistake of the caller, who would tell less than there is.
 */
export const toldAgreements = (states: States, family: typeof supply.name | typeof account.name): ToldAgreements => {
  const held = states.get(family);
  if (held === undefined) return joinedList([]);
  if (held.parts === undefined) throw new TypeError('not all agreements were read');
  const inOrder = [...held.parts].sort(([a], [b]) => (a < b ? -1 : 1));
  return joinedList(inOrder.map(([, part]) => (part as FoldState<ToldAgreements>).state));
};

/** Roles of a customer from parts of them, by account. */
export const rolesOfParts = (parts: PartStates): readonly RoleHeld[] => {
  const inOrder = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  return inOrder.flatMap(([, part]) => rolesHeld((part as FoldState<ToldRoles>).state));
};

/** First day of the first role that was a customer's, or is to be. */
export const firstRoleOf = (states: States): string | null => states.get(roles.name)?.ofParts?.first ?? null;

/** Accounts of a customer, each record's for itself: those without an end, and others by the month of their ends. */
export interface AccountCounts {
  readonly open: number;
  readonly ending: readonly (readonly [month: string, count: number])[];
}

/** Accounts of a customer as they are counted, whenever they are asked for; whether a month is over is for the reader to say. */
export const accountCounts = (states: States): AccountCounts => {
  const counts = Object.entries(states.get(roles.name)?.ofParts?.counts ?? {});
  return {
    open: counts.find(([name]) => name === 'open')?.[1] ?? 0,
    ending: counts
      .filter(([name]) => name.startsWith('until '))
      .map(([name, count]) => [name.slice('until '.length), count] as const),
  };
};

/** Roles of a customer and of the records that are one with theirs, where all parts were read; undefined where not. */
export const rolesRead = (states: States): readonly RoleHeld[] | undefined => {
  const held = states.get(roles.name);
  if (held === undefined) return [];
  return held.parts === undefined ? undefined : rolesOfParts(held.parts);
};

/** Whether a point of a premise stands, as far as its states are known: one whose registration was taken back does not. */
const pointStands = (states: States): ((servicePoint: string) => boolean) => {
  if (!states.has(premise.name)) return () => true;
  const points = new Set(stateOf(states, premise).state.servicePoints.map(({ id }) => id));
  return (servicePoint) => points.has(servicePoint);
};

/** Who takes service at a premise when, by all its points; what was agreed of a point that was taken back holds for nobody. */
export const serviceAt = (states: States): EffectiveAgreements => {
  const stands = pointStands(states);
  const { agreements, disputed } = effectiveAgreements(toldAgreements(states, supply.name));
  return {
    agreements: agreements.filter(({ servicePoint }) => stands(servicePoint)),
    disputed: disputed.filter(({ claims }) => claims.every(({ servicePoint }) => stands(servicePoint))),
  };
};

/** Agreements of a premise that wait for their point: it was taken back. */
export const serviceWithoutPoint = (states: States): readonly Agreement[] => {
  const stands = pointStands(states);
  const { agreements } = effectiveAgreements(toldAgreements(states, supply.name));
  return agreements.filter(({ servicePoint }) => !stands(servicePoint));
};

/** Where the meters of a premise were told to be, of points that stand: what was told of one that was taken back measures nothing. */
export const toldInstallations = (states: States): ToldInstallations => {
  const stands = pointStands(states);
  const { installations } = stateOf(states, metering).state;
  return { ...installations, starts: installations.starts.filter(({ servicePoint }) => stands(servicePoint)) };
};

/** Facts of a family, those of its parts too. */
export const factsCounted = ({ count, ofParts }: FoldState<unknown>): number => count + (ofParts?.facts ?? 0);

/** Facts without effect that are known by their ids, those of parts that were read too. */
export const knownGroundless = ({ groundless, parts }: FoldState<unknown>): readonly string[] => [
  ...groundless.latest,
  ...[...(parts?.values() ?? [])].flatMap((part) => part.groundless.latest),
];

/** When an account takes or took service by what it knows itself: at each point, or, of very many, at each of the first premises. */
export const timesOfService = (states: States): readonly Period[] => {
  const held = states.get(account.name);
  if (held === undefined) return [];
  return held.parts === undefined
    ? placesOf(held)
    : effectiveAgreements(toldAgreements(states, account.name)).agreements;
};
