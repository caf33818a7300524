import { isTrue, type Told, text } from './told.ts';

const reported = 'service.outage.reported.v1';
const restored = 'service.outage.restored.v1';

const startOf = (fact: Told): string => text(fact, 'startedAt') ?? fact.at;

const reportsAt = (facts: readonly Told[], premise: string): readonly Told[] =>
  facts.filter((fact) => fact.type === reported && text(fact, 'premise') === premise);

/** Words on the end of an outage that say something: each later one only where what was said before still lay ahead. */
const endsOf = (facts: readonly Told[], outage: string | undefined): readonly { fact: Told; back: string }[] => {
  const ends: { fact: Told; back: string }[] = [];
  for (const fact of facts) {
    if (fact.type !== restored || outage === undefined || text(fact, 'outage') !== outage) continue;
    const before = ends.at(-1);
    if (before === undefined || fact.at < before.back) ends.push({ fact, back: text(fact, 'restoredAt') ?? fact.at });
  }
  return ends;
};

/** When service came back, or is to, by the last word that stands. */
const backAt = (facts: readonly Told[], outage: Told): string | undefined => endsOf(facts, outage.makes).at(-1)?.back;

const isOpen = (facts: readonly Told[], outage: Told, at: string): boolean => {
  const back = backAt(facts, outage);
  return back === undefined || at < back;
};

/** The outage that a report is one more report of: one that was open as it came, of the commodity and not planned. */
const joinedTo = (facts: readonly Told[], report: Told): Told | undefined => {
  if (isTrue(report, 'planned') === true) return undefined;
  const before = facts.slice(0, facts.indexOf(report));
  const first = reportsAt(before, text(report, 'premise') ?? '').find(
    (one) =>
      text(one, 'commodity') === text(report, 'commodity') &&
      isTrue(one, 'planned') !== true &&
      isOpen(before, one, report.at) &&
      joinedTo(before, one) === undefined,
  );
  const back = first === undefined ? undefined : backAt(facts, first);
  // What began after service had come back is an interruption of its own, though nobody had said so yet.
  return back !== undefined && back <= startOf(report) ? undefined : first;
};

/** Outages of a premise that are not over at an instant, each with when it began and when service is said to be back. */
export const openOutages = (facts: readonly Told[], premise: string, at: string): readonly string[] =>
  reportsAt(facts, premise)
    .filter((one) => isOpen(facts, one, at) && joinedTo(facts, one) === undefined)
    .map((one) => `${one.makes} ${text(one, 'commodity')} ${startOf(one)} ${backAt(facts, one) ?? 'open'}`)
    .sort();

/** Ends of outages that were taken back, or are over already. */
export const groundlessEnds = (facts: readonly Told[]): readonly Told[] =>
  facts.filter((fact) => {
    if (fact.type !== restored) return false;
    const outage = text(fact, 'outage');
    const isSaid = endsOf(facts, outage).some((end) => end.fact === fact);
    return !isSaid || !facts.some(({ type, makes }) => type === reported && makes === outage);
  });
