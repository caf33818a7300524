import { differingOn, endOf, endsWithoutStart, isCancelled, type Kind, type Start, startsOf, wordsOn } from './ends.ts';
import { type Told, text } from './told.ts';

export interface HeldRole {
  readonly account: string;
  readonly customer: string;
  readonly role: string;
  readonly from: string;
  readonly to: string | undefined;
}

const roleKind: Kind = {
  started: 'account.role.granted.v1',
  ended: 'account.role.ended.v1',
  thing: (fact) => [fact.data.account, fact.data.customer, fact.data.role].join(' '),
  from: (fact) => text(fact, 'from') ?? '',
  to: (fact) => text(fact, 'to'),
  isOneFromADay: true,
};

const earlier = (...days: readonly (string | undefined)[]): string | undefined =>
  days.filter((day) => day !== undefined).sort()[0];

const earliestOnly = (starts: readonly Start[]): readonly Start[] =>
  starts.filter((one, n) => starts.findIndex((other) => other.thing === one.thing && other.from === one.from) === n);

/** Roles with their dates: each lasts to its end or to the next of the same; what goes on without a gap is one. */
export const rolesHeld = (facts: readonly Told[]): readonly HeldRole[] => {
  const starts = earliestOnly(startsOf(facts, roleKind)).filter((start) => !isCancelled(facts, roleKind, start));
  const lasting = starts.map((start) => {
    const next = earlier(
      ...starts.flatMap((one) => (one.thing === start.thing && one.from > start.from ? [one.from] : [])),
    );
    return { start, from: start.from, to: earlier(endOf(facts, roleKind, start), next) };
  });
  const lastDay = (thing: string, to: string | undefined): string | undefined => {
    const next = lasting.find(({ start, from }) => start.thing === thing && from === to);
    return next === undefined ? to : lastDay(thing, next.to);
  };
  return lasting
    .filter(({ start, from }) => !lasting.some((one) => one.start.thing === start.thing && one.to === from))
    .map(({ start, from, to }) => ({
      account: text(start.fact, 'account') ?? '',
      customer: text(start.fact, 'customer') ?? '',
      role: text(start.fact, 'role') ?? '',
      from,
      to: lastDay(start.thing, to),
    }));
};

/** Roles of an account of whose ends sources say different things. */
export const differingRoles = (facts: readonly Told[], account: string): readonly string[] =>
  earliestOnly(startsOf(facts, roleKind))
    .filter(({ fact }) => text(fact, 'account') === account)
    .flatMap((start) => {
      const differing = differingOn(wordsOn(facts, roleKind, start));
      return differing.length === 0
        ? []
        : [`${text(start.fact, 'customer')} ${text(start.fact, 'role')} ${start.from}: ${differing.join(', ')}`];
    });

export const roleEndsWithoutStart = (facts: readonly Told[], account: string): number =>
  endsWithoutStart(facts, roleKind).filter((fact) => text(fact, 'account') === account).length;

export const holdsOn = (
  { from, to }: { readonly from: string; readonly to: string | undefined },
  day: string,
): boolean => from <= day && (to === undefined || day < to);
export const isOver = ({ to }: { readonly to: string | undefined }, day: string): boolean =>
  to !== undefined && to <= day;
