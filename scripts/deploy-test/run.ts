import * as z from 'zod';
import { openClients } from '#scripts/deployed/aws.ts';
import { Deployed } from '#scripts/deployed/deployed.ts';
import { story } from '#tests/journeys/story/story.ts';
import { type RemovedResource, readTemplates } from './assembly.ts';
import { changeAndRemove } from './change-and-remove.ts';
import { Checks, Stop } from './checks.ts';
import { Deployment, stage } from './deploy.ts';
import { openDeployedGround } from './deployed-ground.ts';
import { deployedSteps } from './deployed-steps.ts';
import { tellFailure } from './failure.ts';
import { gaps } from './gaps.ts';
import { ProbeGround } from './probe-ground.ts';
import { holdsRoles } from './probes.ts';
import { bridgeRules, makeArchives, setWhatWasDropped } from './put-right.ts';
import { checkHops, printReport } from './report.ts';
import { hurrySchedules } from './schedules.ts';

/** The second process of the deploy test: deploys to the emulator that runs already, and drives what was deployed. */

const Place = z.object({ folder: z.string(), endpoint: z.string(), mqttPort: z.int(), keysUrl: z.string() });
const place = Place.parse(JSON.parse(process.argv[2] ?? ''));
const clients = openClients();
const checks = new Checks(() => tellFailure(clients, stage));
let removed: readonly RemovedResource[] = [];
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

const deploy = async (deployment: Deployment, caPem: string): Promise<void> => {
  say('\nDeploying');
  await checks.must('bootstrap', 'the account is made ready for the CDK', () => deployment.bootstrap());
  await checks.must('synth', 'the app is synthesised', () => deployment.synthesise({ deviceEndpoint: 'localhost' }));
  await checks.must('adapt', 'nothing refers to what the emulator does not know', async () => {
    const swaps = { keysUrl: place.keysUrl, devicePort: String(place.mqttPort), deviceCaPem: caPem };
    removed = await deployment.adapt(clients, swaps);
  });
  await checks.check('hops', 'every part of the stacks belongs to a hop of the list', async () =>
    checkHops(await readTemplates(deployment.copy), stage),
  );
  await checks.must('deploy', 'the stacks are deployed', async () => {
    await deployment.deploy();
  });
  await checks.must('deploy-again', 'deployed again, no stack changes', async () => {
    const stacks = (await readTemplates(deployment.copy)).length;
    const unchanged = (await deployment.deploy()).match(/\(no changes\)/g)?.length ?? 0;
    if (unchanged !== stacks) throw new Error(`${unchanged} of ${stacks} stacks had no changes`);
  });
};

const drive = async (deployment: Deployment): Promise<void> => {
  const deployed = await Deployed.read(clients, stage);
  say('\nPutting right');
  await checks.must('dropped', 'what was dropped of tables and buckets is set', async () =>
    setWhatWasDropped(clients, await readTemplates(deployment.copy), deployed),
  );
  await checks.must('archives', 'the archives of the buses are made', async () =>
    makeArchives(clients, await readTemplates(deployment.assembly), deployed),
  );
  const bridges = await bridgeRules(clients, deployed);
  await hurrySchedules(clients, deployed);
  const ground = await openDeployedGround(clients, deployed, place.endpoint);
  try {
    say('\nDriving');
    const steps = [...story(ground), ...deployedSteps({ clients, deployed, ground })];
    for (const { name, title, run } of steps) await checks.check(name, title, run);
  } finally {
    for (const bridge of bridges) await bridge.close();
    await ground.close();
  }
  say('\nChanging and removing');
  await changeAndRemove(checks, clients, deployment, deployed);
};

const all = async (): Promise<void> => {
  const caPem = await (await fetch(`${place.endpoint}/_ministack/iot/ca.pem`)).text();
  const deployment = new Deployment(place.folder);
  try {
    await probe(caPem);
    await deploy(deployment, caPem);
    await drive(deployment);
  } catch (error) {
    if (!(error instanceof Stop)) await checks.check('run', 'the run comes to its end', () => Promise.reject(error));
  }
  printReport(checks, removed);
  const { passed, failed } = checks.counts;
  say(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
};

await all();
// The device SDK's threads would keep the process.
process.exit();
