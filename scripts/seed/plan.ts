import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import type { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import { addDays, addMonths, localDateAt, localMonthAt, startOfDate, startOfMonth } from '#shared/vocabulary/time.ts';
import type { StoryMeter } from './meters.ts';
import type { Story } from './story.ts';
import type { Step } from './tell.ts';

/** What is sent at once: meters to register first, then facts; the clock stands at `at` (Unix seconds). */
export interface FactBatch {
  readonly at: number;
  /** Batches of one round that follow each other name nothing of each other: they may go side by side. */
  readonly round: number;
  readonly meters: readonly StoryMeter[];
  readonly facts: readonly IncomingFact[];
}

/** Facts a batch has at most: as many as one request to the door may hold. */
export const factsAtOnce = 100;

/** A stretch of the story that is sent together; the clock stands at its end. */
interface Window {
  readonly key: string;
  readonly to: number;
}

/** The first day alone, then month by month. */
const windowAt = (story: Story, at: number): Window => {
  const { zone, firstDate, to } = story.calendar;
  if (localDateAt(zone, at) === firstDate) {
    return { key: firstDate, to: Math.min(startOfDate(zone, addDays(firstDate, 1)), to) };
  }
  const month = localMonthAt(zone, at);
  return { key: month, to: Math.min(startOfMonth(zone, addMonths(month, 1)), to) };
};

/** Steps that may go together: a group begins with each step that waits for what was told before. */
interface Group {
  readonly meters: StoryMeter[];
  readonly facts: IncomingFact[];
}

/** What the subjects of a fact are called; facts of the same subjects that follow each other are kept in one commit. */
const subjectsOf = (fact: IncomingFact): string => {
  const named = factTypes.get(fact.type)?.subjects(fact.data) ?? [];
  const creates = named.some((subject) => 'self' in subject);
  // What a fact creates, or what a retraction names, no other fact of its group speaks of.
  return creates || named.length === 0
    ? fact.sourceEventId
    : JSON.stringify(named.map((subject) => 'named' in subject && subject.named));
};

/** The same facts, those of the same subjects one after the other. Facts of one group name nothing that the group makes. */
const bySubjects = (facts: readonly IncomingFact[]): IncomingFact[] => {
  const sorted = new Map<string, IncomingFact[]>();
  for (const fact of facts) {
    const key = subjectsOf(fact);
    const known = sorted.get(key);
    if (known === undefined) sorted.set(key, [fact]);
    else known.push(fact);
  }
  return [...sorted.values()].flat();
};

const groupsOf = (steps: readonly Step[]): Group[] => {
  const groups: Group[] = [];
  for (const step of steps) {
    let group = groups.at(-1);
    if (group === undefined || step.waits) {
      group = { meters: [], facts: [] };
      groups.push(group);
    }
    group.meters.push(...step.meters);
    group.facts.push(...step.facts);
  }
  return groups;
};

/** Windows in order, each with the steps of each party that has any. */
const windowsOf = (story: Story): { window: Window; parties: Step[][] }[] => {
  const windows = new Map<string, { window: Window; parties: Step[][] }>();
  for (const party of story.cast) {
    const mine = new Map<string, Step[]>();
    for (const step of story.tell(party).steps) {
      const window = windowAt(story, step.at);
      const steps = mine.get(window.key);
      if (steps !== undefined) {
        steps.push(step);
        continue;
      }
      const first = [step];
      mine.set(window.key, first);
      const known = windows.get(window.key) ?? { window, parties: [] };
      known.parties.push(first);
      windows.set(window.key, known);
    }
  }
  return [...windows.values()].toSorted((a, b) => a.window.to - b.window.to);
};

/** The facts of a batch, each system's together (a door takes one system's facts at a time), and in them each subject's. */
const inRuns = (facts: readonly IncomingFact[]): IncomingFact[] =>
  bySubjects(
    facts.toSorted((a, b) => (a.source.system < b.source.system ? -1 : Number(a.source.system > b.source.system))),
  );

/** Groups packed into batches; a group stays whole unless it alone is too large. */
const packed = (groups: readonly Group[], at: number, round: number): FactBatch[] => {
  const batches: FactBatch[] = [];
  let open: Group = { meters: [], facts: [] };
  const close = (): void => {
    if (open.facts.length > 0) batches.push({ at, round, meters: open.meters, facts: inRuns(open.facts) });
    open = { meters: [], facts: [] };
  };
  for (const group of groups) {
    if (open.facts.length + group.facts.length > factsAtOnce) close();
    open.meters.push(...group.meters);
    for (const fact of group.facts) {
      if (open.facts.length === factsAtOnce) close();
      open.facts.push(fact);
    }
  }
  close();
  return batches;
};

/**
 * The facts of a story as they are sent: time goes forward from batch to batch, and a batch names only what earlier batches made
 * known (or its own meters). The same story gives the same batches.
 */
export const factBatchesOf = (story: Story): FactBatch[] =>
  windowsOf(story).flatMap(({ window, parties }) => {
    const grouped = parties.map(groupsOf);
    const rounds = Math.max(...grouped.map((groups) => groups.length));
    return Array.from({ length: rounds }, (_, round) => {
      const groups = grouped.map((mine) => mine[round]).filter((group) => group !== undefined);
      return packed(groups, window.to - 1, round);
    }).flat();
  });
