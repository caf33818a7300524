import { findDuplicates } from '#functions/duplicates/find-duplicates.ts';
import { trainWeights } from '#functions/duplicates/train-weights.ts';
import { isPlaced, type PlaceWaitingDeps, resubmit } from '#functions/follow/place-waiting.ts';
import { type RevokeMeterParts, revokeMeter } from '#functions/meters/revoke-meter.ts';
import { eraseAgain } from '#functions/privacy/erase-again.ts';
import type { EraseParts } from '#functions/privacy/erase-customer.ts';
import { type RedriveParts as BlockParts, redriveBlock } from '#functions/readings/redrive.ts';
import { outgoingEvent } from '#functions/relay/publish-facts.ts';
import { keepEventsOf } from '#functions/validation/keep-place-events.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Table } from '#shared/table/table.ts';
import {
  type Acts,
  type ActsAt,
  actsOf,
  type MatchParts,
  type MeterParts,
  matchActs,
  type ParkedParts,
  parkedActs,
  type TableParts,
  tableActs,
} from './acts.ts';
import type { WorkReplayParts } from './replay-parts.ts';

/** What the acts on the tables are made of, wherever the system runs. */
export type ComposedTableParts = Omit<TableParts, 'placeFact' | 'placeBlock' | 'eraseAgain'> &
  PlaceWaitingDeps &
  BlockParts & {
    /** What erases people, and what lies outside the tables of them. */
    readonly erasing: EraseParts;
  };

/** What the acts on what is set aside and on devices are made of. */
export type ComposedParkedParts = Omit<ParkedParts, 'revokeMeter'> & RevokeMeterParts;

/** What the acts that hold customers against each other are made of. */
export interface ComposedMatchParts {
  readonly profile: Table;
  readonly clock: Clock;
}

/** What a segment of a replay is worked on with, with what judging and the relay make of a subject. */
export const composeReplayWork = (
  parts: Omit<WorkReplayParts, 'eventOf' | 'keepEventsOf'> & { readonly readings: Table },
): WorkReplayParts => ({
  ...parts,
  eventOf: (stored, publishedAt) => outgoingEvent(stored, publishedAt, true),
  keepEventsOf: (subject, dryRun) => keepEventsOf(parts, subject, dryRun),
});

const withWaysIn = (parts: ComposedTableParts): TableParts => ({
  ...parts,
  placeFact: async (entry) => isPlaced(await resubmit(parts, entry)),
  eraseAgain: async (from, isOver) => eraseAgain(parts.erasing, await parts.erasing.register.list(), from, isOver),
  placeBlock: async ({ id }) => (await redriveBlock(parts, id)) === 'stored',
});

const withDevices = (parts: RevokeMeterParts): MeterParts => ({ revokeMeter: (named) => revokeMeter(parts, named) });

const withMatcher = ({ profile, clock }: ComposedMatchParts): MatchParts => {
  const matching = { profile, now: () => clock.now() };
  return {
    profile,
    trainMatch: () => trainWeights(matching),
    findDuplicatesOf: (customer) => findDuplicates(matching, customer, true),
  };
};

/** The acts of the function `operations`: what is set aside is left to the other one. */
export const composeTableActs = (parts: Omit<ComposedTableParts, 'setAside'>): ActsAt<'operations'> =>
  tableActs(withWaysIn({ ...parts, setAside: [] }));

/** The acts of the function `operations-parked`. */
export const composeParkedActs = (parts: ComposedParkedParts): ActsAt<'operations-parked'> =>
  parkedActs({ ...parts, ...withDevices(parts) });

/** The acts of the function `operations-match`. */
export const composeMatchActs = (parts: ComposedMatchParts): ActsAt<'operations-match'> =>
  matchActs(withMatcher(parts));

/** Every act of the operator, with the ways in of the capabilities they act on. */
export const composeActs = (parts: ComposedTableParts & ComposedParkedParts): Acts =>
  actsOf({ ...withWaysIn(parts), ...withDevices(parts), ...withMatcher(parts) });
