import { metersAt } from './meters.ts';
import { type Told, text } from './told.ts';

const registered = 'premise.service-point.registered.v1';
const changed = 'premise.service-point.changed.v1';

export const pointsAt = (facts: readonly Told[], premise: string): readonly string[] =>
  facts.flatMap((fact) => (fact.type === registered && text(fact, 'premise') === premise ? [fact.makes ?? ''] : []));

interface Step {
  readonly at: string;
  readonly connection: string;
}

const instantOf = (fact: Told): string => text(fact, 'at') ?? fact.at;

/** Whether a source put off or brought forward what it had planned: it said another day of the same before that one came. */
const isPutOff = (plan: Told, later: readonly Told[]): boolean =>
  instantOf(plan) > plan.at &&
  later.some(
    (one) =>
      one.source === plan.source && text(one, 'connection') === text(plan, 'connection') && one.at < instantOf(plan),
  );

/** What was said of a point's connection, by the instants of which it is said; of one instant the last said is the last. */
const stepsOf = (facts: readonly Told[], point: string): readonly Step[] =>
  facts
    .filter((fact) => fact.type === changed && text(fact, 'servicePoint') === point)
    .filter((fact, n, said) => !isPutOff(fact, said.slice(n + 1)))
    .flatMap((fact, n) => {
      const connection = text(fact, 'connection');
      return connection === undefined ? [] : [{ at: instantOf(fact), connection, n }];
    })
    .toSorted((a, b) => (a.at === b.at ? a.n - b.n : a.at < b.at ? -1 : 1));

/** How a point stands at an instant, and what is planned. */
export const pointAt = (facts: readonly Told[], point: string, now: string) => {
  const maker = facts.find(({ makes }) => makes === point);
  const steps = stepsOf(facts, point);
  const next = steps.find(({ at }) => at > now);
  const meters = metersAt(facts, point).toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const present = meters.filter(({ from, to }) => from <= now && (to === undefined || now < to));
  return {
    connection:
      steps.findLast(({ at }) => at <= now)?.connection ??
      (maker === undefined ? undefined : text(maker, 'connection')) ??
      'connected',
    plannedConnection: next === undefined ? undefined : `${next.connection} ${next.at}`,
    /** Those that measure it now: where two are said to, the one that came later is told. */
    meters: present.filter(({ from }) => from === present.at(-1)?.from).map(({ meter }) => meter),
  };
};

/** Changes of points that were taken back. */
export const groundlessChanges = (facts: readonly Told[]): readonly Told[] =>
  facts.filter((fact) => fact.type === changed && !facts.some(({ makes }) => makes === text(fact, 'servicePoint')));
