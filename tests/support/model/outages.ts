import { isTrue, type Told, text } from './told.ts';

const reported = 'service.outage.reported.v1';
const restored = 'service.outage.restored.v1';

const startOf = (fact: Told): string => text(fact, 'startedAt') ?? fact.at;

const reportsAt = (facts: readonly Told[], premise: string): readonly Told[] =>
  facts.filter((fact) => fact.type === reported && text(fact, 'premise') === premise);

/** When service came back, by the first that says so. */
const backAt = (facts: readonly Told[], outage: Told): string | undefined => {
  const back = facts.find((fact) => fact.type === restored && text(fact, 'outage') === outage.makes);
  return back === undefined ? undefined : (text(back, 'restoredAt') ?? back.at);
};

/** The outage that a report is one more report of: one that was open as it came, of the commodity and not planned. */
const joinedTo = (facts: readonly Told[], report: Told): Told | undefined => {
  if (isTrue(report, 'planned') === true) return undefined;
  const before = facts.slice(0, facts.indexOf(report));
  const first = reportsAt(before, text(report, 'premise') ?? '').find(
    (one) =>
      text(one, 'commodity') === text(report, 'commodity') &&
      isTrue(one, 'planned') !== true &&
      backAt(before, one) === undefined &&
      joinedTo(before, one) === undefined,
  );
  const back = first === undefined ? undefined : backAt(facts, first);
  // What began after service had come back is an interruption of its own, though nobody had said so yet.
  return back !== undefined && back <= startOf(report) ? undefined : first;
};

/** Outages of a premise that are not over, each with when it began. */
export const openOutages = (facts: readonly Told[], premise: string): readonly string[] =>
  reportsAt(facts, premise)
    .filter((one) => backAt(facts, one) === undefined && joinedTo(facts, one) === undefined)
    .map((one) => `${one.makes} ${text(one, 'commodity')} ${startOf(one)}`)
    .sort();

/** Ends of outages that were taken back, or are over already. */
export const groundlessEnds = (facts: readonly Told[]): readonly Told[] =>
  facts.filter((fact, at) => {
    if (fact.type !== restored) return false;
    const outage = text(fact, 'outage');
    const isEnded = facts.slice(0, at).some((one) => one.type === restored && text(one, 'outage') === outage);
    return isEnded || !facts.some(({ type, makes }) => type === reported && makes === outage);
  });
