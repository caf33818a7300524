import { expect } from 'vitest';
import * as z from 'zod';
import { verifyAudit } from '#functions/audit/verify.ts';
import { digestProfile, digestReadings } from '#functions/operations/store/digest.ts';
import { routes } from '#functions/routes.ts';
import { entryOf } from '#shared/facts/audit.ts';
import { listQuarantine, quarantineQueue, waitingQueue } from '#shared/facts/quarantine.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import { readFact, type StoredFact } from '#shared/profile/store/items.ts';
import { unsealFact } from '#shared/profile/store/subjects.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { subjectOfPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { allItems } from '#tests/support/walked-changes.ts';
import type { Followers } from './fire-followers.ts';
import * as homes from './fire-homes.ts';
import type { Work } from './fire-work.ts';
import type { UtilityOnDynamo } from './utility-on-dynamo.ts';

const inOrder = async function* (table: Table): AsyncGenerator<Item> {
  const items: Item[] = [];
  for await (const item of allItems(table)) items.push(item);
  yield* items.sort((a, b) => (a.pk === b.pk ? (a.sk < b.sk ? -1 : 1) : a.pk < b.pk ? -1 : 1));
};

/** Copies of every fact, by its id. */
const copiesIn = async (profile: Table): Promise<ReadonlyMap<string, readonly StoredFact[]>> => {
  const copies = new Map<string, StoredFact[]>();
  for await (const item of allItems(profile)) {
    if (!item.sk.startsWith('FACT#')) continue;
    const stored = readFact(item);
    copies.set(stored.fact.id, [...(copies.get(stored.fact.id) ?? []), stored]);
  }
  return copies;
};

const givenOf = (data: Readonly<Record<string, unknown>>): string | undefined => {
  const name = z.object({ name: z.object({ given: z.string() }) }).safeParse(data);
  return name.success ? name.data.name.given : undefined;
};

/** Every fact that was acknowledged is there once with all its copies, and nothing is there that nobody sent. */
export const expectFactsOnce = async (system: UtilityOnDynamo, work: Work) => {
  const { told } = work;
  const copies = await copiesIn(system.table('profile'));
  const stood = new Map<string, number>();
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const id of told.facts.keys()) if (!copies.has(id)) lost.push(id);
  const sequences = new Map<string, number[]>();
  for (const [id, stored] of copies) {
    const [first] = stored;
    if (first === undefined) continue;
    const { subjects } = first.fact;
    if (stored.length !== subjects.length) doubled.push(`${id} has ${stored.length} copies`);
    const numbered = stored.flatMap(({ sequence }) => sequence ?? []);
    if (numbered.length !== 1) doubled.push(`${id} is numbered ${numbered.length} times`);
    sequences.set(subjects[0] ?? '', [...(sequences.get(subjects[0] ?? '') ?? []), ...numbered]);
    if (told.facts.has(id)) continue;
    const given = givenOf((await unsealFact(system.sealer, first)).data);
    if (given === undefined) doubled.push(`${id} is of nobody`);
    else stood.set(given, (stood.get(given) ?? 0) + 1);
  }
  for (const given of told.corrected) if (stood.get(given) !== 1) lost.push(given);
  for (const [given, times] of stood) {
    if (times !== 1 || !(told.corrected.has(given) || told.perhaps.has(given))) doubled.push(`${given} ${times} times`);
  }
  expect(lost).toEqual([]);
  expect(doubled).toEqual([]);
  // The number of an event in its subject has no gap and no twin.
  for (const [subject, numbers] of sequences) {
    expect(
      numbers.toSorted((a, b) => a - b),
      subject,
    ).toEqual(numbers.map((_, index) => index + 1));
  }
  return { facts: copies.size, lost: lost.length, doubled: doubled.length };
};

const Account = z.object({ balance: z.object({ amountMinor: z.int() }) });
const Usage = z.object({ total: z.object({ value: z.int() }) });

/** Money to the penny and energy to the Wh, as the API shows them. */
export const expectSums = async (work: Work, count: number): Promise<void> => {
  for (let home = 0; home < count; home += 1) {
    const balance = [...work.told.facts.values()].reduce((sum, one) => sum + (one.home === home ? one.weight : 0), 0);
    const path = `/v1/accounts/${homes.pathOf(homes.accountOf(home))}`;
    const account = await work.ask('readAccount', { path, as: 'supervisor' });
    expect(Account.parse(account.json).balance.amountMinor, `balance of home ${home}`).toBe(balance);
    const range = 'from=2024-01-01&to=2025-12-31&resolution=month';
    const point = `/v1/service-points/${homes.pathOf(homes.pointOf(home))}/usage?${range}`;
    const usage = await work.ask('readUsage', { path: point, as: 'supervisor' });
    const energy = [...(work.told.days.get(home) ?? [])].reduce(
      (sum, day) => sum + homes.dayOf('', home, day).values.reduce((total: number, value) => total + (value ?? 0), 0),
      0,
    );
    expect(Usage.parse(usage.json).total.value, `energy of home ${home}`).toBe(energy);
  }
};

/** Operations that show or change personal data. */
const personal = new Set<string>(routes.filter((route) => route.personal).map((route) => route.operationId));

/**
 * Each request that was answered well left one entry, and one that was refused or put off at most one; of facts sent together each
 * commit has its own. Attempts are joined, what begins beyond a commit says so before; all are sealed.
 */
export const expectAuditOnce = async (system: UtilityOnDynamo, work: Work): Promise<number> => {
  const audit = system.table('audit');
  const entries = new Map<string, number>();
  let all = 0;
  for await (const item of allItems(audit)) {
    const entry = entryOf(item);
    if (entry !== undefined) all += 1;
    if (entry !== undefined && entry.times === undefined && entry.outcome !== 'begun')
      entries.set(entry.requestId, (entries.get(entry.requestId) ?? 0) + 1);
  }
  const faults: string[] = [];
  for (const [requestId, { status, operation }] of work.told.requests) {
    const count = entries.get(requestId) ?? 0;
    const isOneTooMany = count > 1 && operation !== 'sendFacts';
    if (isOneTooMany || (count === 0 && status < 400 && personal.has(operation)))
      faults.push(`${operation} ${requestId} ${status}: ${count} entries`);
  }
  for (const requestId of entries.keys()) if (!work.told.requests.has(requestId)) faults.push(`${requestId} of nobody`);
  expect(faults).toEqual([]);
  const objects = createMemoryObjects(system.clock);
  const report = await verifyAudit({ audit, objects, scan: () => allItems(audit) });
  expect(report).toMatchObject({ ok: true, unsealed: 0, faults: [], entries: all });
  return entries.size;
};

/** Every state, view and usage item is what the facts and the readings alone make of it. */
export const expectRefoldsSame = async (system: UtilityOnDynamo, followers: Followers): Promise<void> => {
  const profile = system.table('profile');
  const before = await digestProfile(inOrder(profile), system.sealer);
  const subjects = new Set<string>();
  for await (const item of allItems(profile)) {
    const subject = item.sk === 'HEAD' ? subjectOfPartition(item.pk) : undefined;
    if (subject !== undefined) subjects.add(subject);
  }
  for (const subject of subjects) {
    await system.committer.refold(subject);
    if (subject.startsWith('prm_')) await followers.recompute.premise(subject);
  }
  expect(await digestProfile(inOrder(profile), system.sealer)).toEqual(before);
};

/** Nothing waits, nothing was kept aside, and each interval of each day is there once. */
export const expectNothingAside = async (system: UtilityOnDynamo, work: Work): Promise<void> => {
  for (const queue of [quarantineQueue, waitingQueue])
    expect((await listQuarantine(system.table('profile'), { limit: 100, queue })).entries).toEqual([]);
  const intervals = [...work.told.days].reduce(
    (sum, [home, days]) => sum + [...days].reduce((of, day) => of + homes.dayOf('', home, day).values.length, 0),
    0,
  );
  expect((await digestReadings(inOrder(system.table('readings')))).items).toBe(intervals);
};

/** For the summary: what callers saw, in a line. */
export const inWords = (counts: ReadonlyMap<string | number, number>): string =>
  canonicalJson(Object.fromEntries([...counts].map(([name, count]) => [String(name), count])));
