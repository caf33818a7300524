import type { DayDigest } from './day-digest.ts';
import type { RegisterGround, VeeException, Violation } from './judgement.ts';
import type { MeterEvent } from './power.ts';
import type { ReadDay, Slot } from './read-day.ts';

/** What another register of the meter has of the day. */
export interface Sibling {
  readonly register: string;
  readonly present: number;
}

/** What the rules may look at besides the day itself. */
export interface DayContext {
  readonly ground: RegisterGround;
  /** Judged days before, by date; `historyFor` says how many. */
  readonly digests: ReadonlyMap<string, DayDigest>;
  readonly events: readonly MeterEvent[];
  readonly siblings: readonly Sibling[];
  /** Exceptions of blocks and of register reads that stand over the day. */
  readonly standing: readonly VeeException[];
}

/** A rule over one day: what it finds; nothing where all is well or where it cannot tell. */
export type DayRule = (day: ReadDay, context: DayContext) => readonly Violation[];

/** Neighbouring intervals that a test holds for, together. */
export const stretchesOf = (slots: readonly Slot[], test: (slot: Slot) => boolean): readonly (readonly Slot[])[] => {
  const found: Slot[][] = [];
  let open: Slot[] | undefined;
  for (const slot of slots) {
    if (!test(slot)) {
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = [];
      found.push(open);
    }
    open.push(slot);
  }
  return found;
};

/** From the start of the first to the end of the last; an empty range at 0 of none. */
export const spanOf = (slots: readonly Slot[]): { readonly from: number; readonly to: number } => ({
  from: slots[0]?.from ?? 0,
  to: slots.at(-1)?.to ?? 0,
});
