import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { childCdk } from '#scripts/deploy/cdk.ts';
import { deployAccount } from '#scripts/deploy/deploy-account.ts';
import { Rehearsal, type Step } from '#scripts/rehearse/rehearsal.ts';
import { rehearsalSteps } from '#scripts/rehearse/steps.ts';
import { story } from '#tests/journeys/story/story.ts';
import { Checks, Stop } from './checks.ts';
import { openDeployedGround } from './deployed-ground.ts';
import { deployedSteps } from './deployed-steps.ts';
import { EmulatedCdk } from './emulated-cdk.ts';
import { openEmulatedClients } from './emulated-doors.ts';
import { EmulatedGround, second, stage, talk } from './emulated-ground.ts';
import { account, region } from './emulator.ts';
import { tellFailure } from './failure.ts';
import { gaps } from './gaps.ts';
import { ProbeGround } from './probe-ground.ts';
import { holdsRoles } from './probes.ts';
import { checkHops, printReport } from './report.ts';
import { hurrySchedules } from './schedules.ts';

/** The second process of the deploy test: rehearses a stage on the emulator that runs already, and drives what stands in the end. */

const Place = z.object({ folder: z.string(), endpoint: z.string(), mqttPort: z.int(), keysUrl: z.string() });
const place = Place.parse(JSON.parse(process.argv[2] ?? ''));
const clients = openEmulatedClients();
const checks = new Checks(async () => {
  for (const name of [stage, second]) await tellFailure(clients, name);
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const probe = async (caPem: string): Promise<void> => {
  say('\nWhat the emulator lacks, and what it holds');
  const ground = await ProbeGround.make(clients, { port: place.mqttPort, caPem });
  for (const gap of gaps) {
    await checks.check(gap.name, gap.lacks, async () => {
      if (!(await gap.isOpen(ground))) throw new Error('the gap has closed: remove this work-round');
    });
  }
  await checks.check('roles', 'roles are held to their rights: what one was not given is denied', async () => {
    if (!(await holdsRoles(ground))) throw new Error('a role did what it has no right to');
  });
  await ground.remove();
};

/** From an empty folder: beside `cdk.json` the command would synthesise. */
const bootstrap = async (): Promise<void> => {
  const cwd = join(place.folder, 'empty');
  await mkdir(cwd, { recursive: true });
  await childCdk({}, cwd).run(['bootstrap', `aws://${account}/${region}`], { seconds: 120 });
};

const rehearsed = async ({ run }: Step): Promise<void> => {
  for (const line of await run()) say(`          ${line}`);
};

const drive = async (ground: EmulatedGround): Promise<void> => {
  const stand = await ground.open(stage);
  await hurrySchedules(clients, stand.stacks);
  const driven = await openDeployedGround(clients, stand);
  try {
    say('\nDriving');
    const steps = [...story(driven), ...deployedSteps({ clients, deployed: stand.stacks, ground: driven })];
    for (const { name, title, run } of steps) await checks.check(name, title, run);
  } finally {
    await driven.close();
  }
};

const rehearse = async (cdk: EmulatedCdk): Promise<void> => {
  const ground = new EmulatedGround(clients, cdk, place.endpoint);
  const rehearsal = new Rehearsal(ground);
  try {
    say('\nDeploying');
    await checks.must('bootstrap', 'the account is made ready for the CDK', bootstrap);
    await checks.must('account', 'what an account has once is made', async () => {
      say(`          ${await deployAccount({}, { clients, cdk, talk })}`);
    });
    const [deploy, ...others] = rehearsalSteps(rehearsal);
    if (deploy === undefined) throw new Error('a rehearsal begins with a deployment');
    await checks.must(deploy.name, deploy.title, () => rehearsed(deploy));
    await checks.check('hops', 'every part of the stacks belongs to a hop of the list', async () =>
      checkHops(cdk.synthesised(stage), stage),
    );
    await checks.check('no-change', 'looked at again, no stack would change', async () => {
      const changed = (await cdk.changes(stage))
        .filter((one) => one.added + one.changed + one.removed > 0)
        .map((one) => one.stack);
      if (changed.length > 0) throw new Error(`would change: ${changed.join(', ')}`);
    });
    say('\nRehearsing');
    for (const step of others) await checks.check(step.name, step.title, () => rehearsed(step));
    await checks.check('clean-up', 'what the rehearsal made is removed', async () => {
      const { lines, failed } = await rehearsal.cleanUp();
      for (const line of lines) say(`          ${line}`);
      if (failed > 0) throw new Error(`${failed} are left`);
    });
    // Told last: deployed again, a stage reads all that its streams have kept, and the story fills them.
    await drive(ground);
  } finally {
    await ground.close();
  }
};

const all = async (): Promise<void> => {
  const deviceCaPem = await (await fetch(`${place.endpoint}/_ministack/iot/ca.pem`)).text();
  const cdk = new EmulatedCdk(clients, { keysUrl: place.keysUrl, devicePort: String(place.mqttPort), deviceCaPem });
  try {
    await probe(deviceCaPem);
    await rehearse(cdk);
  } catch (error) {
    if (!(error instanceof Stop)) await checks.check('run', 'the run comes to its end', () => Promise.reject(error));
  }
  printReport(checks, cdk.removed);
  const { passed, failed } = checks.counts;
  say(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
};

await all();
// The device SDK's threads would keep the process.
process.exit();
