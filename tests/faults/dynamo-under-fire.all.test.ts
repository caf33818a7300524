import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#cli/feed/send-order.ts';
import { createDynamoClient, openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { dynamoFaults, FaultInjector } from '#tests/support/aws/aws-faults.ts';
import { type DynamoLocal, startDynamoLocal } from '#tests/support/aws/dynamo-local.ts';
import { drawn } from '#tests/support/drawn-runs.ts';
import { openFollowers } from './fire-followers.ts';
import { factOf, meterOf, openingFacts } from './fire-homes.ts';
import {
  expectAuditOnce,
  expectFactsOnce,
  expectNothingAside,
  expectRefoldsSame,
  expectSums,
  inWords,
} from './fire-proof.ts';
import { Work } from './fire-work.ts';
import { names, openUtilityOnDynamo } from './utility-on-dynamo.ts';

const homes = Number(process.env.ROTUNDA_FIRE_HOMES ?? drawn(12, 24));
const writers = 32;
const rounds = 3;
/** Facts sent, days of readings, requests of people: facts go by the score, days by 20 to 25, as systems and meters send them. */
const operations = Number(process.env.ROTUNDA_FIRE_OPERATIONS ?? drawn(1600, 20_000));

let local: DynamoLocal;
beforeAll(async () => {
  local = await startDynamoLocal();
});
afterAll(() => local?.stop());

/** What one writer does next; answers what it was, and how many operations. */
const next = async (
  work: Work,
  random: () => number,
  n: number,
  days: Map<number, number>,
): Promise<readonly [string, number]> => {
  const home = Math.floor(random() * homes);
  const patient = random() < 0.9;
  const draw = random();
  if (draw < 0.2) {
    // A system sends its facts by the score: of one home, or of several.
    const kind = Math.floor(random() * 6);
    const scattered = random() < 0.3;
    const some = Array.from({ length: 20 }, (_, index) => {
      const of = scattered && index % 7 === 0 ? Math.floor(random() * homes) : home;
      return [factOf(n + index, of, kind), of] as const;
    });
    await work.facts(some, patient);
    return ['facts sent by the score', some.length];
  }
  if (draw < 0.32) {
    await work.payment(n, home, patient);
    return ['payments by key', 1];
  }
  if (draw < 0.42) {
    await work.interaction(n, home, patient);
    return ['contacts by key', 1];
  }
  if (draw < 0.49) {
    await work.correction(n, home);
    return ['corrections by If-Match', 1];
  }
  if (draw < 0.64) {
    const first = days.get(home) ?? 0;
    days.set(home, first + 20);
    // Some days come a second time.
    const again = Array.from({ length: 5 }, () => Math.floor(random() * first));
    const some = new Set([...Array.from({ length: 20 }, (_, index) => first + index), ...again]);
    await work.days(home, [...some]);
    return ['days of readings', some.size];
  }
  await work.look(n, home);
  return ['reads', 1];
};

describe('a utility whose DynamoDB fails at every fifth call', () => {
  it(`loses nothing, doubles nothing and tells its callers no more than to come again, in ${operations} operations`, async () => {
    const seed = Number(process.env.ROTUNDA_FIRE_SEED ?? Date.now() % 100_000);
    console.log(`DynamoDB under fire: ROTUNDA_FIRE_SEED=${seed}`);
    const random = seededRandom(seed);
    const unseen: unknown[] = [];
    const note = (error: unknown): void => {
      unseen.push(error);
    };
    const faults = new FaultInjector({ seed, faults: dynamoFaults(0.22, { reads: 0.02, writes: 0.08 }) });
    faults.switch(false);
    const system = await openUtilityOnDynamo(local, (client) => faults.attach(client));
    const calm = openDynamoTables({ names, client: createDynamoClient({ ...local, requestTimeout: 60_000 }) });
    const followers = openFollowers(system, (name) => calm.table(name));
    const work = new Work(system, random);
    for (let home = 0; home < homes; home += 1) {
      const meter = await work.persist('registerMeter', {
        method: 'POST',
        path: '/v1/meters',
        as: 'field-machine',
        json: await meterOf(home),
      });
      work.meters.set(home, String(meter.json.id));
      for (const fact of openingFacts(home)) await work.facts([[fact, home]], true);
    }
    await followers.catchUp();

    process.on('unhandledRejection', note);
    const before = faults.calls;
    faults.switch(true);
    const began = Date.now();
    const days = new Map<number, number>();
    const mix = new Map<string, number>();
    let n = 1000;
    for (let round = 1; round <= rounds; round += 1) {
      const writer = async (): Promise<void> => {
        while (work.told.operations < (operations * round) / rounds) {
          n += 20;
          const [kind, done] = await next(work, random, n, days);
          mix.set(kind, (mix.get(kind) ?? 0) + done);
          work.told.operations += done;
        }
      };
      // The readers of what the rounds before changed work beside the writers.
      await Promise.all([...Array.from({ length: writers }, writer), followers.pass()]);
    }
    await followers.catchUp();
    const fired = { calls: faults.calls - before, faulted: faults.faulted };

    faults.switch(false);
    process.off('unhandledRejection', note);
    // A failure that nobody looks at would end the process.
    expect(unseen).toEqual([]);
    const { told } = work;
    const givenUp = told.givenUp.splice(0);
    for (const again of givenUp) await again();
    expect(told.givenUp).toEqual([]);
    expect(told.wrong).toEqual([]);
    expect(system.logger.lines.filter((line) => line.fields.code === 'internal')).toEqual([]);
    const { facts, lost, doubled } = await expectFactsOnce(system, work);
    await expectSums(work, homes);
    await expectNothingAside(system, work);
    await followers.catchUp();
    const audited = await expectAuditOnce(system, work);
    await expectRefoldsSame(system, followers);
    expect(fired.faulted / fired.calls).toBeGreaterThan(0.19);

    const seconds = Math.round((Date.now() - began) / 1000);
    console.log(
      `${told.operations} operations ${inWords(mix)} in ${told.requests.size} requests and batches of readings, ${facts} facts, ${audited} audit entries; ` +
        `${fired.calls} calls, ${fired.faulted} faulted ${inWords(faults.met)}, ${faults.retries} retried by the SDK, ` +
        `${told.again} by callers, ${followers.again()} batches of changes; answers ${inWords(told.statuses)}, ` +
        `${givenUp.length} sent again when calm; lost ${lost}, doubled ${doubled}; ${seconds} s`,
    );
    system.close();
    calm.close();
  }, 900_000);
});
