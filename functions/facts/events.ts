import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import { doorOf } from '#shared/facts/door-audit.ts';
import { isToBeSentAgain } from '#shared/facts/fact-outcome.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import { quarantine } from '#shared/facts/quarantine.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import type { Table } from '#shared/table/table.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';

/** What the inbound bus puts on the queue: the whole event. */
const InboundEvent = z.object({
  id: z.string().max(128).optional(),
  source: z.string().regex(/^[a-z0-9-]{1,40}$/),
  'detail-type': z.string().min(1).max(128),
  detail: z.record(z.string(), z.unknown()),
});

export interface InboundDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly submit: SubmitFacts;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** The bus has bound the principal to its source (docs/sources.md); the actor is that system. */
const systemSender = (source: string): Sender => ({
  actor: `system:${source}`,
  speaksFor: (system) => (system === source && system !== ownSystem ? sourceNamed(system) : undefined),
  supervisor: false,
});

interface Parsed {
  readonly record: SQSRecord;
  readonly source: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const parse = (record: SQSRecord): Parsed | undefined => {
  let body: unknown;
  try {
    body = JSON.parse(record.body);
  } catch {
    return undefined;
  }
  const event = InboundEvent.safeParse(body);
  if (!event.success || event.data.detail.type !== event.data['detail-type']) return undefined;
  return { record, source: event.data.source, detail: event.data.detail };
};

/** Runs of records of one source, in order: their facts go in together. */
const runsOf = (parsed: readonly Parsed[]): readonly (readonly Parsed[])[] => {
  const runs: Parsed[][] = [];
  for (const one of parsed) {
    const last = runs.at(-1);
    if (last?.[0]?.source === one.source) last.push(one);
    else runs.push([one]);
  }
  return runs;
};

/**
 * Facts from the inbound queue. What is no fact is kept aside whole; what could not be kept for want of time is handed out again.
 */
export const factsFromQueue =
  (deps: InboundDeps) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const parsed: Parsed[] = [];
    for (const record of event.Records) {
      const one = parse(record);
      if (one !== undefined) parsed.push(one);
      else {
        deps.metrics.count('inbound.unreadable');
        const raw = new TextEncoder().encode(record.body);
        await quarantine(deps.profile, deps.sealer, {
          kind: 'fact',
          reason: 'fact.invalid',
          source: 'inbound',
          receivedAt: deps.clock.now(),
          raw,
        });
      }
    }
    const failed: string[] = [];
    for (const run of runsOf(parsed)) {
      const [first] = run;
      if (first === undefined) continue;
      const sender = systemSender(first.source);
      const door = doorOf('inbound bus', sender.actor, first.record.messageId);
      const outcomes = await deps.submit(
        run.map((one) => one.detail),
        sender,
        { keepRejected: true, door },
      );
      outcomes.forEach((outcome, index) => {
        const record = run[index]?.record;
        if (isToBeSentAgain(outcome) && record !== undefined) failed.push(record.messageId);
      });
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
