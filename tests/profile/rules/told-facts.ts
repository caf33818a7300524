import { expect } from 'vitest';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { orderedFact } from '#shared/facts/fold-order.ts';
import type { account } from '#shared/profile/rules/account.ts';
import type { Agreement, supply, ToldAgreements } from '#shared/profile/rules/agreements.ts';
import {
  emptyFold,
  type Family,
  type FoldState,
  foldFrom,
  type Ground,
  inFoldOrder,
  type OrderedFact,
  type Parts,
} from '#shared/profile/rules/fold.ts';
import { factsByPart, foldWhole, ofAllParts } from '#shared/profile/rules/fold-parts.ts';
import type { Installation, ToldInstallations } from '#shared/profile/rules/installations.ts';
import { toldAgreements } from '#shared/profile/rules/service-at.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { orderOfFact } from '#shared/profile/store/items.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import type { IdKind } from '#shared/vocabulary/ids.ts';

/** Ids of things that the facts of these tests speak of. */
export const idOf = (kind: IdKind, name: string | number): string => mintedId(kind, `told-${name}`);
export const [amara, ben] = [idOf('customer', 'amara'), idOf('customer', 'ben')];
export const home = idOf('account', 'home');
export const house = idOf('premise', 'house');
export const supplyPoint = idOf('servicePoint', 'supply');

/** A minute of 1 March 2026 and those after it. */
export const minute = (n: number): string => new Date(Date.UTC(2026, 2, 1, 8, n)).toISOString();

export interface Told {
  readonly at?: string;
  readonly system?: string;
  readonly event?: string;
  readonly subjects?: readonly string[];
  readonly creates?: IdKind;
}

let [file, events]: [string | undefined, number] = [undefined, 0];

/** Number of an event, from 1 in each file of tests: files share a process. */
const nextEvent = (): number => {
  const { testPath } = expect.getState();
  events = testPath === file ? events + 1 : 1;
  file = testPath;
  return events;
};

/** A fact as it is kept; what is not told of it is plain. Each of a file has an id of its own. */
export const told = (type: string, data: Readonly<Record<string, unknown>>, options: Told = {}): Fact => {
  const number = nextEvent();
  const { at = minute(number), system = 'billing', event = `told-${number}`, subjects = [home], creates } = options;
  const id = factIdOf(system, event);
  return asFact({
    id,
    type,
    source: { system, actor: `machine:${system}` },
    sourceEventId: event,
    sourceSequence: 0,
    occurredAt: at,
    recordedAt: at,
    data,
    subjects,
    families: [],
    ...(creates === undefined ? {} : { entity: mintedId(creates, id) }),
  });
};

/** Facts in their order, none retracted. */
export const inOrder = (facts: readonly Fact[], retracted: ReadonlySet<string> = new Set()): readonly OrderedFact[] =>
  facts.map((fact) => orderedFact({ order: orderOfFact(fact), fact }, retracted.has(fact.id))).sort(inFoldOrder);

/** Ground as the store gives it: what was created before, unless it was retracted. */
export const groundOf =
  (facts: readonly OrderedFact[]) =>
  (entry: OrderedFact): Ground => ({
    created: (entity) =>
      facts.find((one) => one.fact.entity === entity && !one.retracted && inFoldOrder(one, entry) < 0)?.fact,
  });

/** Folds facts from the beginning, in the order they are given. */
export const foldAll = <State>(family: Family<State>, facts: readonly Fact[]): FoldState<State> => {
  const ordered = facts.map((fact) => orderedFact({ order: orderOfFact(fact), fact }, false));
  const start = { state: emptyFold(family), sinceCheckpoint: 0 };
  const own = family.parts === undefined ? ordered : (factsByPart(family.parts, ordered).get(undefined) ?? []);
  const { state } = foldFrom(family, start, own, groundOf(ordered), new Set());
  const { parts, ofParts } = foldWhole(family, ordered, groundOf(ordered));
  return parts === undefined || ofParts === undefined ? state : { ...state, parts, ofParts };
};

/** The agreements that facts come to. */
export const agreementsTold = (family: typeof account | typeof supply, facts: readonly Fact[]): ToldAgreements =>
  toldAgreements(new Map([[family.name, foldAll<unknown>(family, facts)]]), family.name);

/** A family's state with agreements in its parts. */
export const inParts = (
  held: FoldState<unknown>,
  parts: Parts,
  agreements: readonly Agreement[],
): FoldState<unknown> => {
  const names = new Map(agreements.map((one) => [one, parts.of(agreementFact(one))] as const));
  const states = new Map(
    [...new Set(names.values())].flatMap((name) => {
      if (name === undefined) return [];
      const own = agreements.filter((one) => names.get(one) === name);
      return [[name, { ...emptyFold(parts.family), state: listOf(own) }] as const];
    }),
  );
  return { ...held, parts: states, ofParts: ofAllParts(parts, states) };
};

const agreementFact = ({ account: of, premise, servicePoint, tariff, from }: Agreement): Fact =>
  told('account.agreement.started.v1', { account: of, servicePoint, tariff, from }, { subjects: [of, premise] });

/** Agreements as states hold them. */
export const listOf = (agreements: readonly Agreement[]): ToldAgreements => ({
  starts: agreements.map(({ to, ...agreement }) => ({
    ...agreement,
    source: 'billing',
    ends: to === null ? [] : [['billing', to, 0, 1]],
  })),
});

/** Installations as states hold them. */
export const toldInstallations = (installations: readonly Installation[]): ToldInstallations => ({
  starts: installations.map(({ to, ...installation }) => ({
    ...installation,
    source: 'field',
    said: installation.from,
    ends: to === null ? [] : [['field', to, 0, 1]],
  })),
});

/** An agreement of the home: the first at the point of these tests, others at points of their own. */
export const agreement = (n: number, more: Partial<Agreement> = {}): Agreement => ({
  id: idOf('agreement', n),
  account: home,
  servicePoint: n === 1 ? supplyPoint : idOf('servicePoint', n),
  premise: idOf('premise', n),
  tariff: 'STANDARD',
  from: '2025-01-01',
  to: null,
  ...more,
});

/** States of a customer of which some families are told; the others are empty. */
export const statesTold = (
  ...told: readonly (readonly [Family<unknown>, unknown, Record<string, string>?])[]
): States =>
  new Map(
    told.map(([family, state, sources = {}]) => [family.name, { ...emptyFold(family), sources, state }] as const),
  );
