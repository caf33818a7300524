import type * as z from 'zod';
import { findDuplicates } from '#functions/duplicates/find-duplicates.ts';
import { trainWeights } from '#functions/duplicates/train-weights.ts';
import { isPlaced, resubmit } from '#functions/follow/place-waiting.ts';
import { type Acts, type ActsAt, actsOf, matchActs, parkedActs, tableActs } from '#functions/operations/acts.ts';
import { composeReplayWork } from '#functions/operations/compose.ts';
import type { WorkReplayParts } from '#functions/operations/replay-parts.ts';
import { type IsOver, type Step, unhurried } from '#functions/operations/step.ts';
import { workSegment } from '#functions/operations/work-replay.ts';
import type { ReplayStatus, replay } from '#shared/contracts/local/ops.ts';
import type { OperatorFunction } from '#shared/contracts/operations/invocation.ts';
import { quarantine } from '#shared/facts/quarantine.ts';
import type { BusEvent, SetAside } from '#shared/messaging/ports.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';

/** An account that billing opened, the simplest fact there is. */
export const opened = (event: string, currency = 'GBP') => ({
  type: 'account.account.opened.v1',
  source: { system: 'billing' },
  sourceEventId: event,
  occurredAt: '2026-01-01T10:00:00.000Z',
  data: { currency },
});

/** A payment to an account that nobody has told of. */
export const payment = (event: string) => ({
  type: 'billing.payment.received.v1',
  source: { system: 'billing' },
  sourceEventId: event,
  occurredAt: '2026-01-02T10:00:00.000Z',
  data: {
    account: { namespace: 'billing', value: 'nobody' },
    amount: { amountMinor: 500, currency: 'GBP' },
    method: 'card',
  },
});

/** Pieces of work set aside, by number; those in `bad` fail again. */
export const aside = (pieces: number, bad: ReadonlySet<number> = new Set()): SetAside & { readonly left: number[] } => {
  const left = Array.from({ length: pieces }, (_, n) => n);
  return {
    left,
    count: async () => left.length,
    redrive: async (from, isOver = () => false) => {
      let [tried, placed] = [0, 0];
      for (const piece of [...left].filter((n) => from === undefined || n > Number(from))) {
        tried += 1;
        if (!bad.has(piece)) {
          left.splice(left.indexOf(piece), 1);
          placed += 1;
        }
        if (isOver()) return { tried, placed, next: String(piece) };
      }
      return { tried, placed };
    },
  };
};

export interface WokenSegment {
  readonly replay: string;
  readonly segment: number;
}

export interface OperatorGround {
  readonly system: ProfileSystem;
  readonly acts: Acts;
  /** The same acts as the functions of a stage have them. */
  readonly at: { readonly [Name in OperatorFunction]: ActsAt<Name> };
  readonly published: BusEvent[];
  /** Segments of replays that are to be worked on, and what they are worked on with. */
  readonly woken: WokenSegment[];
  readonly work: WorkReplayParts;
  readonly logger: RecordedLogger;
  readonly metrics: RecordedMetrics;
  /** Keeps a fact aside as its door would have. */
  keepAside(reason: 'fact.future' | 'fact.invalid', fact: object): Promise<string>;
  tell(...facts: readonly object[]): Promise<void>;
}

/** The profile side in memory, with the operator's acts on it. */
export const openGround = async (
  setAside: readonly SetAside[] = [],
  options: { readonly work?: (system: ProfileSystem) => Partial<WorkReplayParts> } = {},
): Promise<OperatorGround> => {
  const system = await openProfileSystem({ staleReads: false });
  const { store, profile, sealer, submit, clock, committer } = system;
  const published: BusEvent[] = [];
  const [logger, metrics] = [new RecordedLogger(), new RecordedMetrics()];
  const work: WorkReplayParts = {
    ...composeReplayWork({
      profile,
      readings: store.table('readings'),
      clock,
      committer,
      logger,
      metrics,
      bus: { publish: async (events) => void published.push(...events) },
    }),
    ...(options.work?.(system) ?? {}),
  };
  const woken: WokenSegment[] = [];
  const parts: Parameters<typeof actsOf>[0] = {
    profile,
    readings: store.table('readings'),
    sealer,
    clock,
    usualSegments: 4,
    wakeSegment: async (replay, segment) => void woken.push({ replay, segment }),
    setAside,
    trainMatch: () => trainWeights({ profile, now: () => clock.now() }),
    findDuplicatesOf: (customer) => findDuplicates({ profile, now: () => clock.now() }, customer, true),
    placeFact: async (entry) => {
      // Time goes on while the operator's act is at work.
      clock.set(clock.now() + 1);
      return isPlaced(await resubmit({ profile, sealer, submit }, entry));
    },
    eraseAgain: async () => ({ looked: 0, erased: 0 }),
    placeBlock: async () => false,
    revokeMeter: async (meter) => ({ meter, revoked: 0 }),
  };
  return {
    system,
    acts: actsOf(parts),
    at: {
      operations: tableActs({ ...parts, setAside: [] }),
      'operations-parked': parkedActs(parts),
      'operations-match': matchActs(parts),
    },
    published,
    woken,
    work,
    logger,
    metrics,
    keepAside: (reason, fact) =>
      quarantine(profile, sealer, {
        kind: 'fact',
        reason,
        source: 'billing',
        actor: 'machine:billing',
        receivedAt: clock.now(),
        raw: new TextEncoder().encode(JSON.stringify(fact)),
      }),
    tell: async (...facts) => {
      await submit(facts, machine);
    },
  };
};

/** Does an act to its end in steps that each do as little as they may; answers every step. */
export const inSteps = async <Answer>(
  act: (from: string | undefined, isOver: IsOver) => Promise<Step<Answer>>,
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  let from: string | undefined;
  do {
    const step = await act(from, () => true);
    answers.push(step.answer);
    from = step.next;
  } while (from !== undefined && answers.length < 1000);
  return answers;
};

/** Works off what segments are to be worked on, in turns of so little as `isOver` says, until nothing is left. */
export const workOff = async ({ woken, work }: OperatorGround, isOver: IsOver = unhurried): Promise<number> => {
  let turns = 0;
  for (let next = woken.shift(); next !== undefined; next = woken.shift(), turns += 1)
    if ((await workSegment(work, next.replay, next.segment, isOver)) === 'works') woken.push(next);
  return turns;
};

/** A replay from its beginning to its end. */
export const replayed = async (
  ground: OperatorGround,
  input: Partial<z.output<typeof replay.input>> = {},
): Promise<ReplayStatus> => {
  const asked = { events: false, dryRun: false, ...input };
  const { id } = (await ground.acts.replay(asked, undefined, unhurried)).answer;
  await workOff(ground);
  return (await ground.acts['replay-status']({ id }, undefined, unhurried)).answer;
};
