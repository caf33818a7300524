import * as z from 'zod';
import { replayFacts } from '#functions/operations/replay.ts';
import { familyNamed, familyNames } from '#functions/profile.ts';
import { outgoingEvent } from '#functions/relay/publish-facts.ts';
import { searchRules } from '#functions/search/rules/search-keys.ts';
import { keepEventsOf } from '#functions/validation/keep-place-events.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { LocalSystem } from './system.ts';

const positionName = 'rules';

/** Rules by family, and those of what is found by, as a data folder keeps them. */
const Rules = z.record(z.string(), z.int());
type Rules = z.infer<typeof Rules>;

const ourRules: Rules = {
  ...Object.fromEntries(familyNames.map((name) => [name, familyNamed(name).rules])),
  search: searchRules,
};

const isNewer = (kept: Rules): boolean => Object.entries(kept).some(([name, rules]) => rules > (ourRules[name] ?? 0));

/** How long a piece of the work takes before it is told of, in milliseconds. */
const pieceMs = 1000;

/**
 * Folds anew what a data folder holds by the rules of another version, as `ops replay` does, so that all of it is shown by the
 * rules of this one. A folder without a note of its rules counts as one of other rules. Answers how many subjects came out
 * otherwise, or undefined where the rules are the same. Throws DomainError('unavailable', 'rules.newer') where the folder's are
 * newer than ours: nothing is changed then.
 * @param progress told how many subjects were folded, about every second
 */
export const followRules = async (
  system: LocalSystem,
  progress: (subjects: number) => void,
): Promise<number | undefined> => {
  const { store, committer, outbound, clock } = system;
  const text = await store.positions.get(positionName, 0);
  const kept = text === undefined ? undefined : Rules.parse(JSON.parse(text));
  if (kept !== undefined && isNewer(kept))
    throw new DomainError('unavailable', 'rules.newer', 'a newer version of Rotunda has worked in this folder');
  const ours = JSON.stringify(ourRules);
  if (text === ours) return undefined;
  const eventOf = (stored: Parameters<typeof outgoingEvent>[0], at: string) => outgoingEvent(stored, at, true);
  const tables = { profile: store.table('profile'), readings: store.table('readings') };
  const parts = {
    profile: tables.profile,
    committer,
    bus: outbound,
    clock,
    eventOf,
    keepEventsOf: (subject: string, dryRun: boolean) => keepEventsOf(tables, subject, dryRun),
  };
  let from: string | undefined;
  for (;;) {
    const began = performance.now();
    const isOver = (): boolean => performance.now() - began > pieceMs;
    const step = await replayFacts(parts, { dryRun: false, events: false }, from, isOver);
    if (step.next === undefined) {
      // Names, readers and duplicates follow what was folded.
      await system.drainPrompt();
      await store.positions.set(positionName, 0, ours);
      return step.answer.changed;
    }
    progress(step.answer.subjects);
    from = step.next;
  }
};
