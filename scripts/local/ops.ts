import type { ServerResponse } from 'node:http';
import { resubmit } from '#functions/follow/place-waiting.ts';
import { redriveBlock } from '#functions/readings/redrive.ts';
import { outgoingEvent } from '#functions/relay/publish-facts.ts';
import { eventStreamPath, sendToBus } from '#shared/contracts/local/bus.ts';
import { digest, drain, quarantine as quarantineRoute, redrive, replay } from '#shared/contracts/local/ops.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { digestProfile, digestReadings } from '#shared/store/digest.ts';
import { readFact } from '#shared/store/items.ts';
import { subjectOfPartition, subjectPartition } from '#shared/store/keys.ts';
import { listQuarantine, type QuarantineEntry, quarantineQueue, waitingQueue } from '#shared/store/quarantine.ts';
import { readAll } from '#shared/store/subjects.ts';
import type { Item } from '#shared/store/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type LocalOperation, type LocalStream, localOperation } from './http-server-local-routes.ts';
import type { LocalSystem } from './system.ts';

const everyEntry = async (system: LocalSystem): Promise<readonly QuarantineEntry[]> => {
  const profile = system.store.table('profile');
  const entries: QuarantineEntry[] = [];
  for (const queue of [quarantineQueue, waitingQueue]) {
    let after: string | undefined;
    do {
      const page = await listQuarantine(profile, { limit: 500, after, queue });
      entries.push(...page.entries);
      after = page.next;
    } while (after !== undefined);
  }
  return entries;
};

const showQuarantine = async (system: LocalSystem, reason: string | undefined, limit: number) => {
  const entries = (await everyEntry(system)).filter((entry) => reason === undefined || entry.reason === reason);
  const counts = new Map<QuarantineEntry['reason'], number>();
  for (const entry of entries) counts.set(entry.reason, (counts.get(entry.reason) ?? 0) + 1);
  const newest = entries.toSorted((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1)).slice(0, limit);
  return {
    total: entries.length,
    reasons: [...counts].map(([name, count]) => ({ reason: name, count })),
    entries: newest.map((entry) => ({
      id: entry.id,
      reason: entry.reason,
      source: entry.source,
      receivedAt: entry.receivedAt,
      ...(entry.detail.waitsFor === undefined ? {} : { waitsFor: entry.detail.waitsFor }),
    })),
  };
};

/** Tries entries again: facts go in as their sender, blocks through the readings path. */
const tryAgain = async (system: LocalSystem, entries: readonly QuarantineEntry[]): Promise<number> => {
  const profile = system.store.table('profile');
  let placed = 0;
  for (const entry of entries) {
    if (entry.kind === 'fact') {
      const status = await resubmit({ profile, sealer: system.sealer, submit: system.submit }, entry);
      if (status === 'accepted' || status === 'duplicate') placed += 1;
    } else if (
      (await redriveBlock({ profile, sealer: system.sealer, ingest: system.ingest }, entry.id))?.toString() === 'stored'
    ) {
      placed += 1;
    }
  }
  return placed;
};

const subjectsOf = async (system: LocalSystem): Promise<readonly string[]> => {
  const subjects = new Set<string>();
  for await (const item of system.store.scan('profile')) {
    const subject = item.sk === 'HEAD' ? subjectOfPartition(item.pk) : undefined;
    if (subject !== undefined) subjects.add(subject);
  }
  return [...subjects];
};

const shownOf = async (system: LocalSystem, subject: string): Promise<string> => {
  const profile = system.store.table('profile');
  const pk = subjectPartition(subject);
  const items: readonly Item[] = [
    ...(await readAll(profile, { pk, prefix: 'STATE#', consistent: true })),
    ...(await readAll(profile, { pk, prefix: 'VIEW#', consistent: true })),
  ];
  return canonicalJson(
    items.map((item) => ({
      ...item,
      b: item.b instanceof Uint8Array ? Buffer.from(item.b).toString('base64') : item.b,
    })),
  );
};

const refoldAll = async (system: LocalSystem, dryRun: boolean) => {
  const subjects = await subjectsOf(system);
  let changed = 0;
  if (!dryRun) {
    for (const subject of subjects) {
      const before = await shownOf(system, subject);
      await system.committer.refold(subject);
      if ((await shownOf(system, subject)) !== before) changed += 1;
    }
  }
  return { subjects: subjects.length, changed, published: 0 };
};

const publishAgain = async (system: LocalSystem, from: string | undefined, to: string | undefined, dryRun: boolean) => {
  const publishedAt = new Date(system.clock.now()).toISOString();
  let published = 0;
  for await (const item of system.store.scan('profile')) {
    if (!item.sk.startsWith('FACT#') || typeof item.n !== 'number') continue;
    const stored = readFact(item);
    const { recordedAt } = stored.fact;
    if ((from !== undefined && recordedAt < from) || (to !== undefined && recordedAt >= to)) continue;
    if (!dryRun) await system.outbound.publish([outgoingEvent(stored, publishedAt, true)]);
    published += 1;
  }
  return { subjects: 0, changed: 0, published };
};

const instant = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : new Date(value).toISOString();

/** The operator's routes of this machine; `ops verify-audit` stands with the audit. */
export const systemOperations = (system: LocalSystem): readonly LocalOperation[] => [
  localOperation(digest, async ({ table }) => {
    await system.drain();
    const digests = [];
    if (table !== 'readings')
      digests.push({
        table: 'profile' as const,
        ...(await digestProfile(system.store.scan('profile'), system.sealer)),
      });
    if (table !== 'profile')
      digests.push({ table: 'readings' as const, ...(await digestReadings(system.store.scan('readings'))) });
    return { digests };
  }),
  localOperation(quarantineRoute, ({ reason, limit }) => showQuarantine(system, reason, limit)),
  localOperation(redrive, async ({ reason, id, dryRun }) => {
    const chosen = (await everyEntry(system)).filter(
      (entry) => (reason === undefined || entry.reason === reason) && (id === undefined || entry.id === id),
    );
    if (id !== undefined && chosen.length === 0)
      throw new DomainError('not-found', 'not-found', 'There is no such entry.');
    const everything = reason === undefined && id === undefined;
    if (dryRun) {
      const tried = chosen.length + (everything ? await system.parked.count() : 0);
      return { tried, placed: 0, left: tried };
    }
    // Records that readers gave up come first: what waits in quarantine may stand on them.
    const parked = everything ? await system.parked.redrive() : { tried: 0, placed: 0 };
    const tried = chosen.length + parked.tried;
    const placed = parked.placed + (await tryAgain(system, chosen));
    return { tried, placed, left: tried - placed };
  }),
  localOperation(replay, ({ events, from, to, dryRun }) =>
    events ? publishAgain(system, instant(from), instant(to), dryRun) : refoldAll(system, dryRun),
  ),
  localOperation(drain, async ({ timeoutSeconds }) => {
    const started = performance.now();
    const drained = await system.drain(timeoutSeconds * 1000);
    return { drained, seconds: Math.round(performance.now() - started) / 1000, pending: {} };
  }),
  localOperation(sendToBus, async ({ events }) => {
    await system.inbound.publish(events);
    return { accepted: events.length };
  }),
];

const serveEvents = (system: LocalSystem, response: ServerResponse, pattern: unknown): Promise<void> =>
  new Promise((resolve) => {
    const unsubscribe = system.outbound.subscribe(pattern, (event) => {
      response.write(
        `data: ${JSON.stringify({ source: event.source, 'detail-type': event['detail-type'], time: event.time, detail: event.detail })}\n\n`,
      );
    });
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
    response.write(': listening\n\n');
    const beat = setInterval(() => response.write(': still here\n\n'), 15_000);
    response.on('close', () => {
      clearInterval(beat);
      unsubscribe();
      resolve();
    });
  });

/** Live tail of the outbound bus. */
export const eventStream = (system: LocalSystem): LocalStream => ({
  path: eventStreamPath,
  serve: async (_request, response, query) => {
    let pattern: unknown = {};
    try {
      pattern = query.pattern === undefined ? { source: [{ prefix: 'rotunda.' }] } : JSON.parse(query.pattern);
    } catch (cause) {
      throw new DomainError('syntax', 'pattern.invalid', 'An event pattern is JSON.', { cause });
    }
    await serveEvents(system, response, pattern);
  },
});
