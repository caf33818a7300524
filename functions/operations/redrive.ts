import * as z from 'zod';
import type { redrive } from '#shared/contracts/local/ops.ts';
import type { QuarantineEntry } from '#shared/facts/quarantine.ts';
import type { SetAside } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { WalkPlace, walkQuarantine, walkStart } from './quarantine-walk.ts';
import { type IsOver, readPlace, type Step, writePlace } from './step.ts';

export interface RedriveParts {
  readonly profile: Table;
  readonly clock: Clock;
  /** What readers, queues and rules gave up. */
  readonly setAside: readonly SetAside[];
  /** Sends a fact in again as its sender; true where it is placed. */
  readonly placeFact: (entry: QuarantineEntry) => Promise<boolean>;
  /** Brings a block in again through the readings path; true where it is stored. */
  readonly placeBlock: (entry: QuarantineEntry) => Promise<boolean>;
}

type AsideParts = Pick<RedriveParts, 'setAside' | 'clock'>;
type Input = z.output<typeof redrive.input>;
type Answer = z.output<typeof redrive.answer>;

const Place = z.strictObject({
  /** Entries that were received later were kept aside by this very act, or after it began. */
  until: z.string(),
  tried: z.int().min(0),
  placed: z.int().min(0),
  /** Entries that fit what was asked for. */
  chosen: z.int().min(0),
  aside: z.strictObject({ source: z.int().min(0), from: z.string().optional() }).optional(),
  walk: WalkPlace,
});
type Place = z.infer<typeof Place>;

const answerOf = ({ tried, placed }: Place): Answer => ({ tried, placed, left: tried - placed });

const isEverything = ({ reason, id }: Input): boolean => reason === undefined && id === undefined;

const startOf = (parts: AsideParts, input: Input): Place => ({
  until: new Date(parts.clock.now()).toISOString(),
  tried: 0,
  placed: 0,
  chosen: 0,
  ...(isEverything(input) ? { aside: { source: 0 } } : {}),
  walk: walkStart,
});

/** Hands in again what was set aside; of a dry run only how much that is. */
const redriveAside = async (parts: AsideParts, input: Input, from: Place, isOver: IsOver): Promise<Place> => {
  let place = from;
  while (place.aside !== undefined) {
    const { source, from: within } = place.aside;
    const aside = parts.setAside[source];
    if (aside === undefined) {
      const { aside: _done, ...rest } = place;
      return rest;
    }
    const { tried, placed, next } = input.dryRun
      ? { tried: await aside.count(), placed: 0, next: undefined }
      : await aside.redrive(within, isOver);
    place = {
      ...place,
      tried: place.tried + tried,
      placed: place.placed + placed,
      aside: next === undefined ? { source: source + 1 } : { source, from: next },
    };
    if (isOver()) return place;
  }
  return place;
};

/** Tries entries of quarantine again, and those that wait. */
const redriveEntries = async (
  parts: RedriveParts,
  { reason, id, dryRun }: Input,
  from: Place,
  isOver: IsOver,
): Promise<{ readonly place: Place; readonly isDone: boolean }> => {
  let { tried, placed, chosen } = from;
  const next = await walkQuarantine(parts.profile, from.walk, isOver, async (entry) => {
    const fits = (reason === undefined || entry.reason === reason) && (id === undefined || entry.id === id);
    if (!fits || entry.receivedAt > from.until) return;
    chosen += 1;
    tried += 1;
    if (dryRun) return;
    if (await (entry.kind === 'fact' ? parts.placeFact : parts.placeBlock)(entry)) placed += 1;
  });
  const place = { ...from, tried, placed, chosen };
  return next === undefined ? { place, isDone: true } : { place: { ...place, walk: next }, isDone: false };
};

/** Tries again what readers, queues and rules gave up, and nothing else; with a reason or an id there is nothing to try. */
export const redriveParked = async (
  parts: AsideParts,
  input: Input,
  from: string | undefined,
  isOver: IsOver,
): Promise<Step<Answer>> => {
  const start = from === undefined ? startOf(parts, input) : readPlace(Place, from);
  const place = await redriveAside(parts, input, start, isOver);
  return { answer: answerOf(place), ...(place.aside === undefined ? {} : { next: writePlace(place) }) };
};

/**
 * Tries again what was kept aside. What readers gave up comes first: what waits in quarantine may stand on it. With a reason or
 * an id only entries of quarantine are tried.
 */
export const redriveKept = async (
  parts: RedriveParts,
  input: Input,
  from: string | undefined,
  isOver: IsOver,
): Promise<Step<Answer>> => {
  const start = from === undefined ? startOf(parts, input) : readPlace(Place, from);
  const behind = await redriveAside(parts, input, start, isOver);
  if (behind.aside !== undefined) return { answer: answerOf(behind), next: writePlace(behind) };
  const { place, isDone } = await redriveEntries(parts, input, behind, isOver);
  if (!isDone) return { answer: answerOf(place), next: writePlace(place) };
  if (input.id !== undefined && place.chosen === 0)
    throw new DomainError('not-found', 'not-found', 'There is no such entry.');
  return { answer: answerOf(place) };
};
