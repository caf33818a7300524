import { followProfile } from '#functions/follow/stream.ts';
import { composeReplayWork } from '#functions/operations/compose.ts';
import { showReplay, startReplay } from '#functions/operations/replay.ts';
import { digestProfile } from '#functions/operations/store/digest.ts';
import { failPoints } from '#local/fail-points.ts';
import { startReplayWorker } from '#local/replays.ts';
import { type LocalSystem, openLocalSystem } from '#local/system.ts';
import type { ReplayStatus } from '#shared/contracts/local/ops.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { sectionKey, stateKey, subjectOfPartition } from '#shared/table/keys.ts';
import type { Key } from '#shared/table/table.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { eventually } from './eventually.ts';
import { sent } from './meters/shared-households.ts';
import { machine } from './profile-system.ts';
import { RecordedLogger, RecordedMetrics } from './recorders.ts';

/** A data folder with households, of which a replay is to mend what was spoiled. */

export const openFolder = (folder: string): Promise<LocalSystem> =>
  openLocalSystem({
    folder,
    clock: systemClock,
    zone: 'Europe/London',
    country: 'GB',
    payments: standardPaymentPolicy,
    logger: new RecordedLogger(),
    metrics: new RecordedMetrics(),
  });

const at = (second: number): string => `2026-01-05T08:00:${String(second).padStart(2, '0')}.000Z`;
const named = (namespace: string, value: string) => ({ namespace, value });

/** Facts of a household: a customer, an account and a home with a point that the account takes service at. */
const household = (n: number) => {
  const name = `h${n}`;
  return [
    sent(`reg-${name}`, 'customer.profile.registered.v1', at(0), {
      kind: 'person',
      name: { given: `Given${n % 97}`, family: `Family${n % 389}` },
      references: [named('crm', name)],
    }),
    sent(`prm-${name}`, 'premise.premise.registered.v1', at(0), {
      address: { lines: [`${n} Quay Street`], postcode: 'ZZ1 4QS', country: 'GB' },
      references: [named('uprn', name)],
    }),
    sent(`acc-${name}`, 'account.account.opened.v1', at(0), { currency: 'GBP', references: [named('billing', name)] }),
    sent(`svp-${name}`, 'premise.service-point.registered.v1', at(1), {
      premise: named('uprn', name),
      commodity: 'electricity',
      zone: 'Europe/London',
      references: [named('mpan', name)],
    }),
    sent(`rol-${name}`, 'account.role.granted.v1', at(2), {
      account: named('billing', name),
      customer: named('crm', name),
      role: 'holder',
      from: '2026-01-05',
    }),
    sent(`agr-${name}`, 'account.agreement.started.v1', at(3), {
      account: named('billing', name),
      servicePoint: named('mpan', name),
      tariff: 'T1',
      from: '2026-01-05',
    }),
  ];
};
/** What the facts of a household make: customer, premise, account. */
export const subjectsOfHousehold = 3;

/** Tells so many households and works off what follows. */
export const tellHouseholds = async (system: LocalSystem, households: number): Promise<void> => {
  const { store, sealer, committer, submit } = system;
  const follow = followProfile({ profile: store.table('profile'), sealer, committer, submit, country: 'GB' });
  system.startReaders({ profile: [{ name: 'follow', take: follow }], readings: [], audit: [] });
  const sideBySide = 16;
  for (let from = 0; from < households; from += sideBySide) {
    const next = Array.from({ length: Math.min(sideBySide, households - from) }, (_, n) => household(from + n));
    await Promise.all(next.map((facts) => submit(facts, machine)));
  }
  await system.drain();
};

/** Loses of every fifth customer a state and a section of the view, and of every ninth account its state. */
export const spoil = async ({ store }: LocalSystem): Promise<number> => {
  const profile = store.table('profile');
  const lost: Key[] = [];
  let [customers, accounts] = [0, 0];
  for await (const { pk, sk } of store.scan('profile')) {
    const subject = sk === 'HEAD' ? subjectOfPartition(pk) : undefined;
    if (subject === undefined) continue;
    if (kindOf(subject) === 'customer' && customers++ % 5 === 0)
      lost.push(stateKey(subject, 'identity'), sectionKey(subject, 0));
    if (kindOf(subject) === 'account' && accounts++ % 9 === 0) lost.push(stateKey(subject, 'account'));
  }
  for (let from = 0; from < lost.length; from += 50)
    await profile.commit(lost.slice(from, from + 50).map((remove) => ({ remove })));
  return lost.length;
};

export const digestOf = async ({ store, sealer }: LocalSystem): Promise<string> =>
  (await digestProfile(store.scan('profile'), sealer)).sha256;

/** Replays a folder to its end: goes on with what an earlier process left, else begins in so many segments. */
export const replayFolder = async (
  system: LocalSystem,
  segments: number,
  progress: (status: ReplayStatus) => void = () => {},
): Promise<ReplayStatus> => {
  const { store, committer, outbound, clock } = system;
  const profile = store.table('profile');
  const worker = startReplayWorker(
    composeReplayWork({
      ...system,
      profile,
      readings: store.table('readings'),
      bus: outbound,
      committer: { refold: failPoints.after('replay.refolded', committer.refold) },
    }),
  );
  await worker.resume();
  const look = async (): Promise<ReplayStatus> => showReplay({ profile }, {});
  const left = await look().catch(() => undefined);
  if (left?.state !== 'running')
    await startReplay({ profile, clock, ...worker }, { events: false, dryRun: false, segments });
  const done = await eventually(
    'the replay is over',
    7_200_000,
    async () => {
      const status = await look();
      progress(status);
      return status;
    },
    ({ state }) => state !== 'running',
  );
  await worker.stop();
  return done;
};
