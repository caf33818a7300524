import { account, placesOf } from './account.ts';
import {
  type Agreement,
  type EffectiveAgreements,
  effectiveAgreements,
  joinedList,
  supply,
  type ToldAgreements,
} from './agreements.ts';
import type { FoldState } from './fold.ts';
import { metering, type ToldInstallations } from './installations.ts';
import type { Period } from './periods.ts';
import { premise } from './premise.ts';
import { type States, stateOf } from './states.ts';

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

/** When an account takes or took service by what it knows itself: at each point, or, of very many, at each of the first premises. */
export const timesOfService = (states: States): readonly Period[] => {
  const held = states.get(account.name);
  if (held === undefined) return [];
  return held.parts === undefined
    ? placesOf(held)
    : effectiveAgreements(toldAgreements(states, account.name)).agreements;
};
