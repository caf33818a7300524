import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { FieldError } from '#shared/vocabulary/errors.ts';
import type { FactStatus, QuarantineReason } from '#shared/vocabulary/statuses.ts';
import type { AwaitedThing } from './quarantine.ts';

/** What a fact did to the records it was folded in. */
export interface FactEffect {
  /** It changed nothing, for want of ground. */
  readonly groundless: boolean;
  /** Another of its source says the same of one thing at the same instant, and nothing but their ids parts the two. */
  readonly tied: boolean;
}

/** All that can become of a fact, by whichever door it came. Placing and committing each tell a part of it. */
export type FactOutcome =
  /** It was kept now. `effect` is absent where a record of it is being merged or parted. */
  | { readonly status: 'accepted'; readonly factId: string; readonly fact: Fact; readonly effect?: FactEffect }
  /** The same fact was kept before. */
  | { readonly status: 'duplicate'; readonly factId: string; readonly fact: Fact; readonly effect?: undefined }
  /** It names what is not known here yet, and is placed when that comes. */
  | { readonly status: 'waiting'; readonly factId: string; readonly awaited: AwaitedThing; readonly message: string }
  /** It is kept aside until people have looked at it. */
  | {
      readonly status: 'quarantined';
      readonly factId: string;
      readonly reason: QuarantineReason;
      readonly message: string;
    }
  /** It is no fact, or none that its sender may send. `reason` is that of its entry where the door keeps it aside all the same. */
  | {
      readonly status: 'rejected';
      readonly code: string;
      readonly message: string;
      readonly errors: readonly FieldError[];
      readonly reason: QuarantineReason;
    }
  /** Nothing became of it for want of time: it is to be sent again. The id is empty where it was not read that far. */
  | { readonly status: 'retry'; readonly factId: string; readonly message: string };

export type OutcomeOf<Status extends FactStatus> = Extract<FactOutcome, { readonly status: Status }>;

/** Statuses of facts that stand in their records. */
export type KeptStatus = Extract<FactStatus, 'accepted' | 'duplicate'>;
/** Statuses of facts that stand elsewhere, until something comes or people decide. */
export type SetAsideStatus = Extract<FactStatus, 'waiting' | 'quarantined'>;

export type KeptOutcome = OutcomeOf<KeptStatus>;
export type UnkeptOutcome = Exclude<FactOutcome, KeptOutcome>;

type WithStatus<Status extends FactStatus> = { readonly status: Status };

const kept: ReadonlySet<string> = new Set<KeptStatus>(['accepted', 'duplicate']);
const setAside: ReadonlySet<string> = new Set<SetAsideStatus>(['waiting', 'quarantined']);
const waits: FactStatus = 'waiting';
const again: FactStatus = 'retry';

/** Whether a fact stands in its record, since now or since before. */
export const isKept = <One extends { readonly status: string }>(
  one: One | undefined,
): one is One & WithStatus<KeptStatus> => one !== undefined && kept.has(one.status);

/** Whether a fact stands in no record, and is not lost. */
export const isSetAside = <One extends { readonly status: string }>(
  one: One | undefined,
): one is One & WithStatus<SetAsideStatus> => one !== undefined && setAside.has(one.status);

/** Whether a fact waits for what it names. */
export const isWaiting = <One extends { readonly status: string }>(
  one: One | undefined,
): one is One & WithStatus<'waiting'> => one?.status === waits;

/** Whether a fact is to be sent again as it is. */
export const isToBeSentAgain = <One extends { readonly status: string }>(
  one: One | undefined,
): one is One & WithStatus<'retry'> => one?.status === again;

export const rejected = (
  code: string,
  message: string,
  reason: QuarantineReason,
  errors: readonly FieldError[] = [],
): OutcomeOf<'rejected'> => ({ status: 'rejected', code, message, reason, errors });

export const quarantined = (factId: string, reason: QuarantineReason, message: string): OutcomeOf<'quarantined'> => ({
  status: 'quarantined',
  factId,
  reason,
  message,
});

export const toBeSentAgain = (factId: string): OutcomeOf<'retry'> => ({
  status: 'retry',
  factId,
  message: 'The record is being changed by others; send it again.',
});

/** What becomes of a fact that names a person who was erased: it is kept nowhere. */
export const ofErased: OutcomeOf<'rejected'> = rejected(
  'owner.erased',
  'The person it names was erased; nothing more is kept about them.',
  'fact.erased',
);
