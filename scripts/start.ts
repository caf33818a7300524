import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { defaultUrl } from '#cli/connection.ts';
import type { LiveMeter } from '#iot/live-meter.ts';
import { asFolderFault } from '#local/data-folder.ts';
import { followRules } from '#local/other-rules.ts';
import { CountingMetrics, lineLogger } from '#local/recorder.ts';
import { seedThrough } from '#local/seed-doors.ts';
import { type Served, serve } from '#local/serve.ts';
import { SwitchClock } from '#local/switch-clock.ts';
import type { LocalSystem } from '#local/system.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { PaymentPolicy, standardPaymentBounds, standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { localDateAt } from '#shared/vocabulary/time.ts';
import { isZone } from '#shared/vocabulary/zones.ts';
import { describeStory } from './seed/describe.ts';

/** `npm start`: the whole system on this machine. */

const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
    return value;
  };
const date = (text: string): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('a date, YYYY-MM-DD');
  return text;
};
const zone = (text: string): string => {
  if (!isZone(text))
    throw new InvalidArgumentError('an IANA zone such as Europe/London, or a fixed offset such as +10:00');
  return text;
};
const currency = (text: string): string => {
  if (!/^[A-Z]{3}$/.test(text)) throw new InvalidArgumentError('an ISO 4217 code such as GBP');
  return text;
};

const bounds = standardPaymentBounds;
const standardBounds = [bounds.mostAtDesk, bounds.mostAtAll, bounds.mostReversedAlone].join(',');
const payments = (text: string): PaymentPolicy => {
  const [mostAtDesk, mostAtAll, mostReversedAlone, ...others] = text.split(',').map(Number);
  const parsed = PaymentPolicy.safeParse({ otherwise: { mostAtDesk, mostAtAll, mostReversedAlone } });
  if (!parsed.success || others.length > 0)
    throw new InvalidArgumentError(`three amounts in minor units, the first not above the second: ${standardBounds}`);
  return parsed.data;
};

const command = new Command('npm start --')
  .description(
    'Runs the whole system on this machine: API, sign-in, docs, MQTT broker, a seeded utility and two live meters.',
  )
  .option('--port <n>', 'port of the API, the sign-in and the docs; 0 takes a free one', whole(0, 65_535), 8080)
  .option('--mqtt-port <n>', 'port of the MQTT broker; 0 takes a free one', whole(0, 65_535), 8883)
  .option('--data <dir>', 'data folder, kept', '.rotunda')
  .option('--erased <dir>', 'register of who was erased, which no backup of the data folder replaces (<data>.erased)')
  .option('--erased-lost', 'that register is lost for good: begin another; who was erased may be back with the folder')
  .option('--memory', 'keep nothing')
  .option('--customers <n>', 'customers of the seeded utility (500)', whole(1, 100_000))
  .option('--months <n>', 'months of its story (13)', whole(1, 120))
  .option('--seed <name>', 'name of the seed (rotunda)')
  .option('--until <date>', "the story's last day (today)", date)
  .option('--no-seed', 'no seeded utility')
  .option('--no-meters', 'no live meters')
  .option('--time-zone <zone>', "the utility's zone (Europe/London)", zone)
  .option('--currency <code>', "the utility's currency (GBP)", currency)
  .option(
    '--payments <desk,all,alone>',
    `bounds of payments in minor units: most at the desk, most of any, most that one person takes back (${standardBounds})`,
    payments,
  )
  .option('--json', 'one JSON line for each event of its life')
  .showHelpAfterError();

interface Flags {
  readonly port: number;
  readonly mqttPort: number;
  readonly data: string;
  readonly erased?: string;
  readonly erasedLost?: boolean;
  readonly memory?: boolean;
  readonly customers?: number;
  readonly months?: number;
  readonly seed?: string | boolean;
  readonly until?: string;
  readonly meters: boolean;
  readonly timeZone?: string;
  readonly currency?: string;
  readonly payments?: PaymentPolicy;
  readonly json?: boolean;
}

const flags = command.parse().opts<Flags>();

/** A first start has years of readings to judge. */
const longestJudging = 3_600_000;

/** Tells people in words, programs in JSON lines. */
const tell = (event: string, fields: Readonly<Record<string, unknown>>, words: string): void => {
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
  else if (words !== '') process.stdout.write(`${words}\n`);
};

let lastProgress = 0;
const progress = (done: number, total: number, words: string): void => {
  const now = performance.now();
  if (done < total && now - lastProgress < 1000) return;
  lastProgress = now;
  tell(
    'seeding',
    { done, total, words },
    `  seeding ${String(Math.floor((done / total) * 100)).padStart(3)} %  ${words}`,
  );
};

/** What was folded by another version's rules is folded by this one's before anybody sees it. */
const foldAnew = async ({ system }: Served): Promise<void> => {
  const changed = await followRules(system, (subjects) =>
    tell('folding', { subjects }, `  folding anew by the rules of this version: ${subjects} subjects`),
  );
  if (changed !== undefined && changed > 0)
    tell('folded', { changed, seconds: seconds() }, `  folded anew: ${changed} subjects came out otherwise`);
};

/** Who was erased is erased again where the folder was set back to before it. */
const eraseWhoCameBack = async (served: Served): Promise<void> => {
  const { erased } = await served.eraseAgain();
  if (erased > 0)
    tell(
      'erased',
      { erased, seconds: seconds() },
      `  erased again: ${erased} who came back with an older copy of the folder`,
    );
};

const started = performance.now();
const seconds = (): number => Math.round((performance.now() - started) / 100) / 10;

/** Aborted when the system is to stop. */
const stopping = new AbortController();
/** A seed that is under way when the system is to stop; it ends soon after. */
let seeding: Promise<unknown> = Promise.resolve();

const stopOnSignal = (served: Served, meters: readonly LiveMeter[], before: () => void): void => {
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) return;
    stopping.abort(new Error('the system is to stop'));
    tell('stopping', { signal }, 'Stopping.');
    const seedEnded = seeding.catch(() => {});
    Promise.all([Promise.race([seedEnded, sleep(5000)]), ...meters.map((meter) => meter.stop())])
      .then(() => {
        before();
        return served.stop();
      })
      .then(
        () => {
          tell('stopped', {}, 'Stopped.');
          process.exit(0);
        },
        (error: unknown) => {
          tell(
            'failed',
            { message: error instanceof Error ? error.message : 'unknown' },
            `Could not stop cleanly: ${error instanceof Error ? error.message : 'unknown'}`,
          );
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
};

/** Says when all that was handed over is judged; silent where that was so at once. */
const tellJudged = async (system: LocalSystem): Promise<void> => {
  const began = performance.now();
  const isSlow = sleep(2000, true, { ref: false }).then(() => {
    if (!stopping.signal.aborted)
      tell('judging', {}, '  Readings of the past are judged behind this; what they tell is shown as it is found.');
    return true;
  });
  const isDone = system.drain(longestJudging);
  if (!(await Promise.race([isDone.then(() => false), isSlow]))) return;
  if (await isDone) {
    const took = Math.round((performance.now() - began) / 1000);
    tell('judged', { seconds: took }, `  All readings are judged, ${took} s after it was ready.`);
  }
};

const run = async (): Promise<void> => {
  const clock = new SwitchClock();
  const timeZone = flags.timeZone ?? 'Europe/London';
  const metrics = new CountingMetrics();
  const folder = flags.memory === true ? undefined : flags.data;
  let openHistory = (): void => {};
  const history = new Promise<void>((resolved) => {
    openHistory = resolved;
  });
  // What follows the history does so by the machine's time.
  const handedOver = (): void => {
    clock.live();
    openHistory();
  };
  const served = await serve({
    history,
    port: flags.port,
    mqttPort: flags.mqttPort,
    ...(folder === undefined ? {} : { folder }),
    ...(flags.erased === undefined ? {} : { erasedFolder: flags.erased }),
    erasedLost: flags.erasedLost === true,
    clock,
    zone: timeZone,
    country: 'GB',
    payments: flags.payments ?? standardPaymentPolicy,
    staleReads: process.env.ROTUNDA_TEST_STALE_READS === '1',
    logger: lineLogger((line) => process.stderr.write(`${line}\n`)),
    metrics,
  });
  const meters: LiveMeter[] = [];
  stopOnSignal(served, meters, handedOver);
  await foldAnew(served);
  await eraseWhoCameBack(served);
  let firstStep = 'send docs/first-call/facts.json';
  if (flags.seed !== false) {
    const asked = {
      ...(typeof flags.seed === 'string' ? { seed: flags.seed } : {}),
      ...(flags.customers === undefined ? {} : { customers: flags.customers }),
      ...(flags.months === undefined ? {} : { months: flags.months }),
      ...(flags.until === undefined ? {} : { until: flags.until }),
      ...(flags.timeZone === undefined ? {} : { zone: flags.timeZone }),
      ...(flags.currency === undefined ? {} : { currency: flags.currency }),
    };
    const defaults = {
      seed: 'rotunda',
      customers: 500,
      months: 13,
      until: localDateAt(timeZone, Math.floor(Date.now() / 1000)),
      zone: timeZone,
      currency: 'GBP',
    };
    const seeded = seedThrough(served.system, clock, asked, defaults, progress, stopping.signal);
    seeding = seeded;
    const report = await seeded;
    const [known] = describeStory(report.options);
    firstStep = `search "${known?.names[0]?.toLowerCase() ?? ''}"`;
    tell(
      'seeded',
      { ...report, seconds: seconds() },
      `  seeded: ${report.options.customers} customers, ${report.facts} facts, ${report.meters} meters, ${report.blocks} meter days`,
    );
  }
  handedOver();
  served.open();
  if (flags.meters) {
    const settings = { zone: timeZone, currency: flags.currency ?? 'GBP', ...(folder === undefined ? {} : { folder }) };
    // The device SDK takes a quarter of a start: only who wants live meters loads it.
    const { startLiveMeters } = await import('#local/live-meters.ts');
    meters.push(...(await startLiveMeters(served, settings)));
  }
  const { url } = served.server;
  const addresses = {
    api: `${url}/v1`,
    docs: `${url}/docs`,
    signIn: `${url}/oidc`,
    mqtt: `mqtts://127.0.0.1:${served.broker.port}`,
    ...(folder === undefined ? {} : { data: resolve(folder) }),
  };
  const where = url === defaultUrl ? '' : ` --url ${url}`;
  tell(
    'ready',
    { ...addresses, seconds: seconds() },
    `Rotunda is ready after ${seconds()} s.\n  API   ${addresses.api}\n  docs  ${addresses.docs}\n  MQTT  ${addresses.mqtt}\n  Try:  npx rotunda ${firstStep}${where}     Stop: Ctrl-C`,
  );
  await tellJudged(served.system);
};

run().catch((failure: unknown) => {
  // What a stop cuts short is no failure; the stop itself says how it went.
  if (stopping.signal.aborted) return;
  const error = flags.memory === true ? failure : asFolderFault(flags.data, failure);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const known = error instanceof DomainError || code === 'EADDRINUSE';
  const message = error instanceof Error ? error.message : String(error);
  const advice = new Map<unknown, string>([
    ['EADDRINUSE', '. Another program has this port; choose one with --port or --mqtt-port.'],
    ['store.in-use', '. Stop it, or choose another folder with --data.'],
    ['store.damaged', '. Restore the folder from a backup, or choose another with --data.'],
    ['data-folder.unusable', '. Mend that, or choose another folder with --data.'],
    ['data-folder.foreign', '. Choose an empty folder with --data.'],
    ['data-folder.key-lost', '. Put the file back from a backup, or choose another folder with --data.'],
    ['data-folder.key-other', '. Put the right one back from a backup, or choose another folder with --data.'],
    ['erasures.lost', '. Put it back, or name it with --erased; --erased-lost begins another.'],
    ['erasures.other', '. Name the right one with --erased.'],
    ['erasures.unusable', '. Mend that, put the file back, or name the register with --erased.'],
    ['rules.newer', '. Start that version, or choose another folder with --data.'],
  ]).get(code);
  tell('failed', { message, ...(error instanceof DomainError ? { code: error.code } : {}) }, '');
  process.stderr.write(`${message}${advice ?? ''}\n`);
  if (!known && error instanceof Error && process.env.ROTUNDA_DEBUG === '1') process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
