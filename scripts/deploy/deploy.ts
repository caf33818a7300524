import { join } from 'node:path';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import type { Place, Said, StageConfig } from '#infra/config.ts';
import { projectRoot } from '#scripts/check/project-files.ts';
import type { StaffRole } from '#shared/vocabulary/statuses.ts';
import type { Clients } from './aws.ts';
import { type Cdk, CdkFailure, reasonOf } from './cdk.ts';
import { changeLine, readDiff, type StackChange } from './diff.ts';
import { type FailedStack, failedLines, failedStacks, removeFailed } from './failed-stacks.ts';
import { addFirstUser } from './first-user.ts';
import { type Output, outputLines, outputsOf, poolIdOf } from './outputs.ts';
import { type Expected, type Preflight, preflight } from './preflight.ts';
import { quotaLine } from './quotas.ts';
import { findStacks, isFailed, stackIds, stackNameOf } from './stacks.ts';
import { runSteps, type Shown, type Step } from './steps.ts';
import { confirm, type Talk } from './talk.ts';

export interface DeployOptions extends Expected, Said {
  readonly stage: string;
  readonly meters?: number | undefined;
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly firstUser?: string | undefined;
  readonly role?: StaffRole | undefined;
}

export interface DeployParts {
  readonly clients: Clients;
  readonly cdk: Cdk;
  readonly talk: Talk;
  /** The configuration of a stage. */
  readonly configOf: (stage: string, place: Place, said: Said) => StageConfig;
}

/** What came of a deployment, as `--json` tells it. */
export interface Deployed {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly dryRun: boolean;
  readonly quotas: Preflight['quotas'];
  /** Stacks whose first try failed, removed before this one. */
  readonly failed: readonly FailedStack[];
  readonly changes: readonly StackChange[];
  readonly outputs: readonly Output[];
  readonly firstUser?: 'invited' | 'was there';
}

/** Seconds each command of the CDK may take; a new stack with a user pool, a firewall and alarms takes minutes. */
const seconds = { synth: 300, diff: 300, deploy: 2700 } as const;

const shownOf = ({ json }: DeployOptions, talk: Talk): Shown => {
  if (json === true) return 'silent';
  return talk.isInteractive ? 'tree' : 'lines';
};

/** A failure of the CDK as one line that says what to do. */
const failedBy = (what: string, next: string, error: unknown): unknown =>
  error instanceof CdkFailure
    ? new CommandFailure(exitCodes.failed, `${what}: ${reasonOf(error.printed)} (${error.message}); ${next}`, {
        cause: error,
      })
    : error;

/** IAM takes nobody into a role's trust who is not there. */
const isUnknownPrincipal = (error: unknown): boolean =>
  error instanceof CdkFailure && /invalid principal in policy/i.test(error.printed);
const makeSenders = 'a role or user that `inbound` in infra/config.ts names as a sender is not there: make it first';

/** `12/40 | … | CREATE_COMPLETE | AWS::KMS::Key | …` as how far a stack is. */
const progressIn = (line: string): string | undefined => {
  const parts = line.split('|').map((part) => part.trim());
  const [, count, , status, type] = parts;
  return count !== undefined && status !== undefined && /^\d+(\/\d+)?$/.test(count)
    ? `${count} ${type ?? ''} ${status}`
    : undefined;
};

const deployStep = (options: DeployOptions, cdk: Cdk, folder: string, id: (typeof stackIds)[number]): Step => {
  const name = stackNameOf(options.stage, id);
  return {
    title: name,
    run: async (tell) => {
      let unchanged = false;
      const onLine = (line: string): void => {
        unchanged ||= line.includes('(no changes)');
        const progress = progressIn(line);
        if (progress !== undefined) tell(progress);
      };
      const args = [
        'deploy',
        id,
        '--app',
        folder,
        '--exclusively',
        '--require-approval',
        'never',
        '--progress',
        'events',
      ];
      // Logs that a removed stack left behind under their fixed names are taken in again.
      await cdk
        .run([...args, '--import-existing-resources'], { seconds: seconds.deploy, onLine })
        .catch((error: unknown) => {
          const sender = isUnknownPrincipal(error) ? `${makeSenders}; ` : '';
          const next = `${sender}CloudFormation goes back to how it was; \`npx cdk diagnose ${id} --unstable=diagnose --app ${folder}\` tells more. Deploy again when it is mended`;
          throw failedBy(`${name} was not deployed`, next, error);
        });
      return unchanged ? 'no change' : 'deployed';
    },
  };
};

/** What a deployment says to the app beside the place. */
const contextOf = ({ stage, like, tables }: DeployOptions, isFirst: boolean): Readonly<Record<string, string>> => ({
  stage,
  isFirst: String(isFirst),
  ...(like === undefined ? {} : { like }),
  ...(tables === undefined ? {} : { tables: JSON.stringify(tables) }),
});

const assemblyOf = (stage: string): string => join('cdk.out', `deploy-${stage}`);

/** Makes the templates of a stage; `said` goes to the app as context. */
const synthesise = async (cdk: Cdk, folder: string, said: Readonly<Record<string, string>>): Promise<void> => {
  const context = Object.entries(said).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
  await cdk
    .run(['synth', '--quiet', '--output', folder, ...context], { seconds: seconds.synth })
    .catch((error: unknown) => {
      throw failedBy('the templates could not be made', '`npm run synth` shows all of it', error);
    });
};

/** Looks first: who calls, what the account allows, what would change. Nothing is changed. */
const look = async (options: DeployOptions, parts: DeployParts, folder: string) => {
  const { stage } = options;
  const { clients, cdk, talk } = parts;
  const found: {
    before?: Preflight;
    failed: readonly FailedStack[];
    isFirst: boolean;
    changes: readonly StackChange[];
  } = {
    failed: [],
    isFirst: true,
    changes: [],
  };
  const steps: readonly Step[] = [
    {
      title: 'Account',
      run: async () => {
        found.before = await preflight(stage, options, parts);
        const stacks = await findStacks(clients, stage);
        found.failed = await failedStacks(clients, stacks.values());
        const stateful = stacks.get('Stateful');
        found.isFirst = stateful === undefined || isFailed(stateful);
        const { caller, bootstrap } = found.before;
        return `${caller.account}, ${caller.region}, as ${caller.arn}; CDK set up (version ${bootstrap})`;
      },
    },
    {
      title: 'Templates',
      run: async () => {
        await synthesise(cdk, folder, { ...found.before?.place, ...contextOf(options, found.isFirst) });
        return `${stackIds.length} stacks in ${folder}`;
      },
    },
    {
      title: 'Changes',
      run: async () => {
        const printed = await cdk
          .run(['diff', '--all', '--app', folder], { seconds: seconds.diff })
          .catch((error: unknown) => {
            throw failedBy(
              'the changes could not be told',
              `\`npx cdk diff --all --app ${folder}\` shows all of it`,
              error,
            );
          });
        found.changes = readDiff(printed);
        const changed = found.changes.filter(({ added, changed, removed }) => added + changed + removed > 0).length;
        return `${changed} of ${stackIds.length} stacks`;
      },
    },
  ];
  await runSteps(steps, shownOf(options, talk), talk);
  if (found.before === undefined) throw new Error('the account was not looked at');
  return { ...found, before: found.before };
};

type Looked = Awaited<ReturnType<typeof look>>;

/** Tells quotas and changes, and asks where data is in danger. */
const tellAndAsk = async (options: DeployOptions, talk: Talk, { before, changes, failed }: Looked): Promise<void> => {
  if (options.json !== true) {
    for (const quota of before.quotas) talk.note(quotaLine(quota));
    for (const { source, senders } of before.config.inbound) {
      talk.note(`${source} is sent by ${senders.join(', ')}, which must be there`);
    }
    for (const line of failedLines(failed)) talk.note(line);
    for (const change of changes) talk.note(`${stackNameOf(options.stage, change.stack)}: ${changeLine(change)}`);
  }
  const endangered = changes.flatMap((change) => change.endangered);
  for (const { stack, type, logicalId, fate } of endangered) {
    talk.note(`DATA: ${type} ${logicalId} of ${stackNameOf(options.stage, stack)}: ${fate}`);
  }
  if (endangered.length === 0 || options.dryRun === true) return;
  const question = `${endangered.length} resources that hold data would be replaced, removed or left behind.`;
  await confirm(talk, { question, word: options.stage, said: options.yes === true, flag: '--yes' });
};

/** Once a stage stands, what holds its data refuses to be deleted: until then a try that failed could not have been taken back. */
const protect = async (
  options: DeployOptions,
  { cdk, talk }: DeployParts,
  { place }: Preflight,
  folder: string,
): Promise<void> => {
  await synthesise(cdk, folder, { ...place, ...contextOf(options, false) });
  const step = deployStep(options, cdk, join(projectRoot, folder), 'Stateful');
  await runSteps([{ ...step, title: `${step.title}, protected` }], shownOf(options, talk), talk);
};

/** Brings a stage onto the account of the caller: looks, tells, asks where data is in danger, deploys stack by stack. */
export const deploy = async (options: DeployOptions, parts: DeployParts): Promise<Deployed> => {
  const { stage, firstUser, role } = options;
  const { clients, cdk, talk } = parts;
  const folder = assemblyOf(stage);
  const looked = await look(options, parts, folder);
  const { before, changes, failed, isFirst } = looked;
  const { account, region } = before.caller;
  await tellAndAsk(options, talk, looked);
  const told = { stage, account, region, quotas: before.quotas, failed, changes };
  if (options.dryRun === true) return { ...told, dryRun: true, outputs: [] };
  await removeFailed(clients, failed);
  const steps = stackIds.map((id) => deployStep(options, cdk, join(projectRoot, folder), id));
  await runSteps(steps, shownOf(options, talk), talk);
  if (isFirst && before.config.deletionProtection) await protect(options, parts, before, folder);
  const outputs = await outputsOf(clients, stage, before.place.deviceEndpoint);
  if (firstUser === undefined || role === undefined) return { ...told, dryRun: false, outputs };
  const pool = poolIdOf(outputs, 'StaffIssuer');
  if (pool === undefined)
    throw new CommandFailure(exitCodes.failed, 'the stage tells no user pool of staff: deploy it again');
  const added = await addFirstUser(clients, { pool, email: firstUser, role });
  return { ...told, dryRun: false, outputs, firstUser: added };
};

/** What is printed at the end. */
export const deployedLines = (deployed: Deployed, { firstUser, role }: DeployOptions): readonly string[] => {
  if (deployed.dryRun) return ['dry run: nothing was changed'];
  const user = deployed.firstUser === undefined ? [] : [`${firstUser} (${role}): ${deployed.firstUser}`];
  return [...outputLines(deployed.outputs), ...user];
};
