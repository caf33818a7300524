import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { ask } from '#cli/connection.ts';
import { openDeviceFolder } from '#cli/feed/device-folder.ts';
import { connectMeter, enrolMeter } from '#cli/feed/enrol-meter.ts';
import { feedApi, feedReference } from '#cli/feed/feed-api.ts';
import { openingFacts } from '#cli/feed/opening-facts.ts';
import { sendByApi } from '#cli/send-by-api.ts';
import { signIn } from '#cli/sign-in.ts';
import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { householdLoad } from '#iot/load.ts';
import { registerOf } from '#scripts/seed/meters.ts';
import { sendToBus } from '#shared/contracts/local/bus.ts';
import { isKept } from '#shared/facts/fact-outcome.ts';
import { addDays, expectedIntervals, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import type { Figure, Measurement } from './measurement.ts';
import { startSeeded } from './running-system.ts';
import { millisecondsOf, quantile } from './spread.ts';

const zone = 'Europe/London';
const meterName = 'bench-latency';

export interface LatencySetting {
  /** Size of the utility beside which it is measured. */
  readonly customers: number;
  readonly months: number;
  /** Rounds that are not counted, and those that are. */
  readonly warmUp: number;
  readonly rounds: number;
}

/** Longest that something may take to be seen, milliseconds. */
const patience = 30_000;

/** What the measurement looks for in the view. */
const View = z.object({
  accounts: z.array(z.object({ lastPayments: z.array(z.object({ amount: z.object({ amountMinor: z.int() }) })) })),
  usage: z.array(z.object({ asOf: z.string() })),
});
type View = z.infer<typeof View>;

const paymentOf = (amountMinor: number, event: string) => ({
  type: 'billing.payment.received.v1',
  source: { system: 'billing' },
  sourceEventId: event,
  occurredAt: new Date().toISOString(),
  data: { account: feedReference(meterName), amount: { amountMinor, currency: 'GBP' }, method: 'card' },
});

const showsPayment = (amountMinor: number) => (view: View) =>
  view.accounts.some(({ lastPayments }) => lastPayments.some(({ amount }) => amount.amountMinor === amountMinor));

/** The acts that are timed: each brings something in by a door and resolves when the door has taken it. */
interface Doors {
  payByApi(amountMinor: number): Promise<void>;
  payByBus(amountMinor: number): Promise<void>;
  /** Sends a local date of the meter; gives the end of its last interval. */
  sendDay(date: string): Promise<number>;
  view(): Promise<View>;
  close(): Promise<void>;
}

/** Opens a home with a meter and an account, through the API and the broker as anybody would. */
const openDoors = async (url: string, folderPath: string, firstDate: string): Promise<Doors> => {
  const options = { url };
  const api = feedApi(options);
  const folder = openDeviceFolder(folderPath);
  const register = registerOf('electricity', 'forward', zone);
  await enrolMeter(api, folder, meterName, { registers: [register] });
  const results = await sendByApi(openingFacts(meterName, register, startOfDate(zone, firstDate)), options);
  if (!results.every(isKept)) throw new Error(`no home: ${JSON.stringify(results)}`);
  await api.settle();
  const { link, enrolment } = await connectMeter(api, folder, meterName, { registers: [register] });
  const [billing, operator, agent] = await Promise.all([
    signIn(url, { client: 'billing' }),
    signIn(url, { role: 'operator' }),
    signIn(url, { role: 'agent' }),
  ]);
  const measure = householdLoad(enrolment.id, zone);
  let seq = 0;
  return {
    payByApi: async (amountMinor) => {
      const body = { facts: [paymentOf(amountMinor, `api-${amountMinor}`)] };
      await ask(url, { method: 'POST', path: '/v1/facts', token: billing.access_token, body });
    },
    payByBus: async (amountMinor) => {
      const detail = paymentOf(amountMinor, `bus-${amountMinor}`);
      const body = { events: [{ source: 'billing', detailType: detail.type, detail }] };
      await ask(url, { method: sendToBus.method, path: sendToBus.path, token: operator.access_token, body });
    },
    sendDay: async (date) => {
      const start = startOfDate(zone, date);
      const interval = register.intervalSeconds;
      const values = Array.from({ length: expectedIntervals(zone, date, interval) }, (_, index) =>
        measure(start + index * interval, interval),
      );
      const block = { v: 1 as const, meter: enrolment.id, register: register.id, start, interval, values, revision: 0 };
      await link.publish(enrolment.topics.usage, writeUsageBlock({ ...block, seq }));
      seq += 1;
      return start + values.length * interval;
    },
    view: async () => {
      const headers = { 'rotunda-purpose': 'service' };
      const path = `/v1/customers/feed:${meterName}/360`;
      return View.parse(await ask(url, { path, token: agent.access_token, headers }));
    },
    close: () => link.close(),
  };
};

const untilShown = async (doors: Doors, shows: (view: View) => boolean): Promise<void> => {
  const deadline = Date.now() + patience;
  while (!shows(await doors.view())) {
    if (Date.now() > deadline) throw new Error('what came in is not shown after half a minute');
    await sleep(1);
  }
};

/** Milliseconds from before each act until a look at the view showed it, the acts in turn. */
const takeTurns = async (doors: Doors, firstDate: string, { warmUp, rounds }: LatencySetting) => {
  const samples = { api: [] as number[], bus: [] as number[], meter: [] as number[], look: [] as number[] };
  for (let round = -warmUp; round < rounds; round += 1) {
    const amount = 1000 + round + warmUp;
    const [byApi, byBus] = [amount * 2, amount * 2 + 1];
    const date = addDays(firstDate, round + warmUp);
    const taken = {
      api: await millisecondsOf(async () => {
        await doors.payByApi(byApi);
        await untilShown(doors, showsPayment(byApi));
      }),
      bus: await millisecondsOf(async () => {
        await doors.payByBus(byBus);
        await untilShown(doors, showsPayment(byBus));
      }),
      meter: await millisecondsOf(async () => {
        const end = await doors.sendDay(date);
        await untilShown(doors, ({ usage }) => usage.some(({ asOf }) => Date.parse(asOf) === end * 1000));
      }),
      look: await millisecondsOf(() => doors.view()),
    };
    if (round < 0) continue;
    samples.api.push(taken.api);
    samples.bus.push(taken.bus);
    samples.meter.push(taken.meter);
    samples.look.push(taken.look);
  }
  return samples;
};

const notCounted =
  "networks, Lambda's start and DynamoDB's answer times; batch windows of streams are a tenth of a second or less here, 1 to 5 s deployed; server, broker, meter and asker share one process and its cores, and the view is asked again after 1 ms until it shows what came in";

const figuresOf = (what: string, samples: readonly number[]): readonly Figure[] =>
  [0.5, 0.95].map((share) => ({
    name: 'latency',
    what: `${what}, p${share * 100}`,
    value: quantile(samples, share),
    unit: `ms of ${samples.length}`,
    notCounted,
  }));

/** Milliseconds of each act, by act; starts a system of its own and stops it. */
export const measureLatency = async (setting: LatencySetting): Promise<Awaited<ReturnType<typeof takeTurns>>> => {
  const { served, url } = await startSeeded(setting);
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-bench-'));
  const today = localDateAt(zone, Math.floor(Date.now() / 1000));
  const firstDate = addDays(today, -(setting.rounds + setting.warmUp + 2));
  try {
    const doors = await openDoors(url, folder, firstDate);
    const samples = await takeTurns(doors, firstDate, setting);
    await doors.close();
    return samples;
  } finally {
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

/** From a fact or a meter's day to the view that shows it; reported only. */
export const latency: Measurement = {
  name: 'latency',
  title: 'From outside to the view, on the running system in memory',
  measure: async () => {
    const { api, bus, meter, look } = await measureLatency({ customers: 50, months: 2, warmUp: 10, rounds: 100 });
    return [
      ...figuresOf('a payment by POST /v1/facts, to the view', api),
      ...figuresOf('a payment by the inbound bus, to the view', bus),
      ...figuresOf("a meter's day over MQTT with TLS, to the view", meter),
      ...figuresOf('one look at the view over HTTP, within these', look),
    ];
  },
};
