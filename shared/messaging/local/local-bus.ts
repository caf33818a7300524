import { randomUUID } from 'node:crypto';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { compileEventPattern, type EventMatcher } from '#shared/messaging/event-pattern.ts';
import type { Bus, BusEvent, Objects, Positions } from '#shared/messaging/ports.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import type { AppendableLog } from '#shared/table/level/level-log.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type EventSource, startEventSource } from './local-event-source.ts';

/**
 * A bus on this machine in EventBridge's terms. `publish` resolves when the events are in the bus's log, so a kill loses nothing
 * that was accepted; each rule reads the log from its own stored position, hands what its pattern matches to its target at least
 * once, and what the target keeps refusing goes whole to the dead letters. Rules do not hold up each other.
 */

/** An event as a target gets it. */
export interface BusEnvelope {
  readonly version: '0';
  /** Given at publishing; the same at each delivery. */
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface BusRule {
  /** Never change it: its position is kept under it. A new rule begins with the oldest event the log still has. */
  readonly name: string;
  /** As `compileEventPattern` takes it. */
  readonly pattern: unknown;
  readonly target: (event: BusEnvelope) => Promise<void>;
}

/** What the log of a bus holds: the envelope's JSON, and when it came (milliseconds since 1970). */
export interface BusEntry {
  readonly json: string;
  readonly at: number;
}

export interface LocalBusOptions {
  readonly name: string;
  readonly log: AppendableLog<BusEntry>;
  readonly positions: Positions;
  readonly rules: readonly BusRule[];
  /** Dead letters: `dead-letters/<bus>/<rule>/<event id>.json`, the whole envelope and the last error. */
  readonly deadLetters: Objects;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Deliveries of one event to one target, the first included; 6. */
  readonly attempts?: number;
  /** First wait before an event is delivered again, doubled each time; 100 ms. */
  readonly backoffMs?: number;
  /** Removes the entries of a shard up to a position; called when every rule has passed it. */
  readonly trim?: (shard: number, upTo: string) => Promise<void>;
}

export interface LocalBus extends Bus {
  /** Live tail: calls back for each event from now on that the pattern matches. Throws as `compileEventPattern`. */
  subscribe(pattern: unknown, listener: (event: BusEnvelope) => void): () => void;
  /** Resolves when everything published before the call was delivered or given up. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** Limits of PutEvents. */
const maxEntryBytes = 256 * 1024;

const envelopeOf = (event: BusEvent, at: number): BusEnvelope => {
  const { source, detailType, detail } = event;
  if (source.length < 1 || source.length > 256 || detailType.length < 1 || detailType.length > 128)
    throw new DomainError(
      'invalid',
      'event.shape',
      'An event has a source (256 characters) and a type (128 characters).',
    );
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail))
    throw new DomainError('invalid', 'event.shape', 'The detail of an event is an object.');
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: '000000000000',
    time: new Date(at).toISOString(),
    region: 'local',
    resources: [],
    detail,
  };
};

const entryOf = (envelope: BusEnvelope, at: number): BusEntry => {
  const json = JSON.stringify(envelope);
  if (Buffer.byteLength(json) > maxEntryBytes)
    throw new DomainError('too-large', 'event.too-large', 'An event is at most 256 KB.');
  return { json, at };
};

/** What `entryOf` wrote. */
const readEntry = (entry: BusEntry): BusEnvelope => JSON.parse(entry.json);

/** Opens the bus and starts its rules. Throws where a pattern is refused. */
export const openLocalBus = (options: LocalBusOptions): LocalBus => {
  const { name, log, clock, logger, metrics, attempts = 6, backoffMs = 100 } = options;
  const stopping = new AbortController();
  const { signal } = stopping;

  const giveUp = async (rule: BusRule, event: BusEnvelope, thrown: unknown): Promise<void> => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const letter = { rule: rule.name, failedAt: new Date(clock.now()).toISOString(), attempts, event };
    const body = JSON.stringify({ ...letter, error: { name: error.name, message: error.message } });
    await options.deadLetters.put(`dead-letters/${name}/${rule.name}/${event.id}.json`, Buffer.from(body));
    metrics.count('bus.dead-letter', { rule: rule.name });
    logger.error('bus.dead-letter', { rule: rule.name, eventId: event.id, cause: error.name });
  };

  const deliver = async (rule: BusRule, event: BusEnvelope): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await rule.target(event);
        metrics.count('bus.delivered', { rule: rule.name });
        return;
      } catch (thrown) {
        metrics.count('bus.failed', { rule: rule.name });
        if (attempt >= attempts) return giveUp(rule, event, thrown);
        // Rejects when the bus stops: the batch is then delivered again at the next start.
        await sleepFor(backoffMs * 2 ** (attempt - 1), undefined, { signal });
      }
    }
  };

  const startRule = (rule: BusRule): EventSource => {
    const matches = compileEventPattern(rule.pattern);
    return startEventSource<BusEntry>({
      consumer: `bus-${name}-${rule.name}`,
      log,
      positions: options.positions,
      arrivedAt: (entry) => entry.at,
      failures: options.deadLetters,
      clock,
      logger,
      metrics,
      batchSize: 10,
      // What throws here is the dead letter store or the end of the bus; neither may drop events.
      retries: Number.POSITIVE_INFINITY,
      maxAgeMs: Number.POSITIVE_INFINITY,
      bisect: false,
      consumed: (_shard, position) => consumed(rule.name, position),
      invoke: async ({ records }) => {
        const events = records.map((record) => readEntry(record.entry)).filter(matches);
        await Promise.all(events.map((event) => deliver(rule, event)));
        return [];
      },
    });
  };

  const tails = new Set<{ readonly matches: EventMatcher; readonly listener: (event: BusEnvelope) => void }>();
  /** A tail is a convenience: what it throws is logged and harms no one else. */
  const show = (envelope: BusEnvelope): void => {
    for (const { matches, listener } of tails) {
      try {
        if (matches(envelope)) listener(envelope);
      } catch (error) {
        logger.warn('bus.tail-failed', { cause: causeName(error) });
      }
    }
  };

  const positions = new Map<string, string>();
  /** Lets go of what every rule has consumed. */
  const consumed = async (rule: string, position: string): Promise<void> => {
    positions.set(rule, position);
    if (options.trim === undefined || positions.size < options.rules.length) return;
    const [lowest] = [...positions.values()].sort();
    if (lowest !== undefined) await options.trim(0, lowest);
  };

  const rules = options.rules.map(startRule);

  return {
    publish: async (events) => {
      const at = clock.now();
      const envelopes = events.map((event) => envelopeOf(event, at));
      // One shard keeps the order of publishing; what a rule reads at once it delivers side by side.
      await log.append(
        0,
        envelopes.map((envelope) => entryOf(envelope, at)),
      );
      metrics.count('bus.published', { bus: name }, envelopes.length);
      for (const envelope of envelopes) show(envelope);
    },
    subscribe: (pattern, listener) => {
      const tail = { matches: compileEventPattern(pattern), listener };
      tails.add(tail);
      return () => {
        tails.delete(tail);
      };
    },
    drain: async () => {
      await Promise.all(rules.map((rule) => rule.drain()));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(rules.map((rule) => rule.stop()));
    },
  };
};
