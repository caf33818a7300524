import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import { telling } from '#shared/edge/tell-facts.ts';
import { createCommitter } from '#shared/facts/commit.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import { createSubmitFacts } from '#shared/facts/submit-facts.ts';
import type { Change, Table } from '#shared/table/table.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { type Home, homePoint, openHome } from '#tests/support/supplied-home.ts';

/** Facts into the tables of a home by way of another body of its profile table, as another process has it. */
const submitBy = ({ store, sealer, clock }: Home, commit: Table['commit']) => {
  const table = store.table('profile');
  const profile: Table = {
    name: table.name,
    get: (key, options) => table.get(key, options),
    query: (query) => table.query(query),
    scan: (scan) => table.scan(scan),
    batchPut: (items) => table.batchPut(items),
    close: () => table.close(),
    commit,
  };
  const today = () => new Date(clock.now()).toISOString().slice(0, 10);
  const random = () => 0.5;
  const sleep = async (): Promise<void> => {};
  const committer = createCommitter({ profile, sealer, clock, today, random, sleep, hooks: [] });
  const contentKey = new Uint8Array(32).fill(7);
  return createSubmitFacts({
    profile,
    sealer,
    clock,
    committer,
    contentKey,
    country: 'GB',
    payments: standardPaymentPolicy,
    zone: 'UTC',
    metrics: { count: () => {} },
  });
};

const monthOf = (servicePoint: string, issue: number) => ({
  type: 'metering.month.closed.v1',
  event: `month:${issue}`,
  occurredAt: new Date(Date.UTC(2026, 5, 1) + issue).toISOString(),
  data: {
    servicePoint,
    register: 'E1',
    month: '2026-05',
    issue,
    unit: 'Wh',
    powerOfTen: 0,
    value: issue,
    excluded: 0,
    byQuality: [],
    expected: 1488,
    missing: 0,
    estimatedPerMille: 0,
    days: 31,
    daysComplete: 31,
    openExceptions: 0,
  },
});

/** A step of the event loop: what runs beside comes on. */
const step = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * A client sends one fact of a premise of which the system has much to tell, and is the slower of the two each time: before each of
 * its commits the system comes first with one of its own, for as long as it has any.
 * @param batches facts that the system has to tell, batch by batch of its stream
 */
export const contendWithTeller = async (batches: readonly number[]) => {
  const home = await openHome();
  const table = home.store.table('profile');
  const waiting: (() => Promise<void>)[] = [];
  let isTelling = true;
  const own = submitBy(
    home,
    (writes) =>
      new Promise((resolve, reject) => {
        waiting.push(() => table.commit(writes).then(resolve, reject));
      }),
  );
  let tries = 0;
  const client = submitBy(home, async (writes) => {
    tries += 1;
    while (isTelling && waiting.length === 0) await step();
    await waiting.shift()?.();
    await table.commit(writes);
  });

  let issue = 0;
  const take = telling(own, 'validation', async () => {
    issue += 1;
    return [monthOf(home.idOf('svp'), issue)];
  });
  const tellAll = async (): Promise<number> => {
    let failed = 0;
    for (const [batch, count] of batches.entries()) {
      const changes = Array.from({ length: count }, (_, place): Change => {
        const position = `${batch}-${place}`;
        return { key: { pk: 'any', sk: position }, before: undefined, after: undefined, position };
      });
      if ((await take(changes)).failed !== undefined) failed += 1;
    }
    isTelling = false;
    return failed;
  };
  const sender: Sender = { actor: 'machine:field', speaksFor: sourceNamed, supervisor: false };
  const fact = {
    type: 'premise.service-point.changed.v1',
    source: { system: 'field' },
    sourceEventId: 'off',
    occurredAt: '2026-06-01T08:00:00.000Z',
    data: { servicePoint: homePoint, connection: 'logically-disconnected' },
  };
  const [failed, results] = await Promise.all([
    tellAll(),
    client([fact], sender).then(async (answer) => {
      // What the system has left to say it says alone.
      while (isTelling) {
        await waiting.shift()?.();
        await step();
      }
      return answer;
    }),
  ]);
  return { status: results[0]?.status, tries, failed, home };
};
