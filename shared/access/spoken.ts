import type { Fact, FactOf, KnownType } from '#shared/contracts/facts/fact.ts';
import { instantSaid, isOfType } from '#shared/profile/rules/fact-data.ts';
import type { Period } from '#shared/profile/rules/periods.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import type { Commodity, Role } from '#shared/vocabulary/statuses.ts';
import { addDays, instantOf, secondsOf } from '#shared/vocabulary/time.ts';
import type { Right } from './role-rights.ts';

/** A time that something speaks of: local dates of the place, instants (stored form or RFC 3339), or all there is. */
export type SpokenTime = { readonly days: Period } | { readonly instants: Period } | 'always';

/**
 * How much of the time must be somebody's own for them to be told: `each` of it; `any` of it, then what it says of use is told only
 * where all of it is; or each is told their `part`.
 */
export type Share = 'each' | 'any' | 'part';

/** What a fact speaks of: whose it is to know. Never when it was recorded. */
export type Spoken =
  /** A customer's own record: whose partition it lies in. */
  | { readonly of: 'record' }
  /** That two records are one customer: told while they are. */
  | { readonly of: 'merge'; readonly records: readonly string[] }
  /** Nothing that is any customer's to know. */
  | { readonly of: 'nobody' }
  /** An account over local dates; `holder` and `role` where it is one customer's role. */
  | {
      readonly of: 'account';
      readonly account: string;
      readonly right: Right;
      readonly days: Period;
      readonly holder?: string;
      readonly role?: Role;
    }
  /** A place: one service point of it, those of a commodity, or all. */
  | {
      readonly of: 'place';
      readonly premise: string;
      readonly point?: string;
      readonly commodity?: Commodity;
      readonly right: Right;
      readonly time: SpokenTime;
      readonly share: Share;
    };

/** What a fact rests on that it does not say itself. */
export interface Grounds {
  /** Of a retraction: what it takes back. */
  readonly takenBack?: Fact | undefined;
  /** The payment it names. */
  readonly payment?: Fact | undefined;
  /** What is known now of the premise and the outage that it is about. */
  readonly premise?: States | undefined;
  readonly outage?: States | undefined;
}

/** What facts of one type speak of. */
type Row<Told extends Fact = Fact> = (fact: Told, grounds: Grounds) => Spoken | undefined;
/** A fact type, and what its facts speak of. */
export type SpokenRow = readonly [KnownType, Row];

/** A row of the table of a capability. */
export const row = <Type extends KnownType>(type: Type, speaks: Row<FactOf<Type>>): SpokenRow => [
  type,
  (fact, grounds) => (isOfType(fact, type) ? speaks(fact, grounds) : undefined),
];

export const record: Row = () => ({ of: 'record' });
export const nobody: Row = () => ({ of: 'nobody' });

export const onAccount =
  <Told extends Fact>(right: Right, daysOf: (fact: Told, grounds: Grounds) => Period | undefined): Row<Told> =>
  (fact, grounds) => {
    const account = fact.subjects.find((subject) => kindOf(subject) === 'account');
    const days = daysOf(fact, grounds);
    return account === undefined || days === undefined ? undefined : { of: 'account', account, right, days };
  };

export const oneDay = (from: string): Period => ({ from, to: addDays(from, 1) });

type Named = { readonly point?: string; readonly commodity?: Commodity };

export const atPlace =
  <Told extends Fact>(
    right: Right,
    share: Share,
    timeOf: (fact: Told, grounds: Grounds) => SpokenTime | undefined,
    named: (fact: Told, grounds: Grounds) => Named | undefined,
  ): Row<Told> =>
  (fact, grounds) => {
    const premise = fact.subjects.find((subject) => kindOf(subject) === 'premise');
    const [time, what] = [timeOf(fact, grounds), named(fact, grounds)];
    return premise === undefined || time === undefined || what === undefined
      ? undefined
      : { of: 'place', premise, ...what, right, time, share };
  };

type OfPoint = Fact & { readonly data: { readonly servicePoint?: string | undefined } };
export const thePoint = ({ data: { servicePoint: point } }: OfPoint): Named | undefined =>
  point === undefined ? undefined : { point };
export const createdPoint = ({ entity }: Fact): Named | undefined =>
  entity === undefined ? undefined : { point: entity };
export const allPoints = (): Named => ({});

export const second = (at: string): SpokenTime => ({
  instants: { from: at, to: instantOf(Math.floor(secondsOf(at)) + 1) },
});
export const when = (fact: Fact): SpokenTime => second(fact.occurredAt);
/** From an instant until another, or on where that is null; of the second itself where no end was said. */
export const from = (begin: string | undefined, to: string | null | undefined): SpokenTime | undefined => {
  const began = instantSaid(begin);
  if (began === undefined) return undefined;
  return to === undefined ? second(began) : { instants: { from: began, to } };
};

/** Start of what an id of judging names: `<meter or point>.<register>.<kind>.<start>`. */
export const startNamed = (id: string | undefined): string | undefined => {
  const start = id?.split('.').at(-1);
  return start !== undefined && /^\d{1,11}$/.test(start) ? instantOf(Number(start)) : undefined;
};
export const since = (id: string | undefined): SpokenTime | undefined => {
  const start = startNamed(id);
  return start === undefined ? undefined : second(start);
};
