import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { Command, InvalidArgumentError } from 'commander';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { atStage } from '#cli/stage/aws-failure.ts';
import { stageNames } from '#infra/config.ts';
import { checkStage, type Expected } from '#scripts/deploy/preflight.ts';
import { findStacks } from '#scripts/deploy/stacks.ts';
import { confirm, type Talk } from '#scripts/deploy/talk.ts';
import type { Clients } from '#scripts/deployed/aws.ts';
import { tableNames } from '#shared/table/table.ts';
import { Stage, stageName } from '#shared/vocabulary/stage.ts';
import type { Ground } from './ground.ts';
import { Rehearsal, type Step, secondsSince } from './rehearsal.ts';
import { rehearsalSteps } from './steps.ts';

export interface RehearseOptions extends Expected {
  readonly stage: string;
  readonly second?: string | undefined;
  readonly mailbox: string;
  readonly yes?: boolean | undefined;
}

export interface RehearseParts {
  readonly talk: Talk;
  readonly clients: () => Clients;
  readonly groundOf: (
    asked: Pick<Ground, 'stage' | 'second' | 'mailbox'>,
    where: { readonly clients: Clients; readonly expected: Expected },
  ) => Ground;
}

const emailOf = (text: string): string => {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return text;
  throw new InvalidArgumentError('an e-mail address');
};

const newStageOf = (text: string): string => {
  if (Stage.safeParse(text).success) return text;
  throw new InvalidArgumentError('1 to 20 small letters and digits');
};

const isThere = ({ dynamo }: Clients, TableName: string): Promise<boolean> =>
  dynamo.send(new DescribeTableCommand({ TableName })).then(
    () => true,
    (error: unknown) => (error instanceof ResourceNotFoundException ? false : Promise.reject(error)),
  );

/**
 * Refuses what a rehearsal would harm: it takes stages down, and deletes all of the second. A table that a stage left behind would be
 * taken in by the deployment, and go with it.
 */
const checkFree = async (clients: Clients, stages: readonly string[]): Promise<void> => {
  const refuse = (what: string): never => {
    throw new CommandFailure(
      exitCodes.refused,
      `${what} is there: a rehearsal begins with nothing, since it takes its stages down`,
    );
  };
  for (const stage of stages) {
    if ((await findStacks(clients, stage)).size > 0) refuse(`the stage ${stage}`);
    for (const table of tableNames) {
      const name = stageName(stage, table);
      if (await isThere(clients, name)) refuse(`the table ${name}`);
    }
  }
};

/** Runs the steps one after the other, and what they made is removed whatever happens; answers whether all went well. */
const hold = async (steps: readonly Step[], rehearsal: Rehearsal, talk: Talk): Promise<boolean> => {
  let failed = 0;
  for (const [index, { title, run }] of steps.entries()) {
    const started = performance.now();
    talk.out(`${index + 1} of ${steps.length}  ${title}`);
    try {
      for (const line of await run()) talk.out(`    ${line}`);
      talk.out(`    ok, ${secondsSince(started)}`);
    } catch (error) {
      failed += 1;
      talk.out(`    FAILED: ${error instanceof Error ? error.message : String(error)}`);
      // Nothing can be seen of a stage that does not stand.
      if (index === 0) break;
    }
  }
  const cleaned = await rehearsal.cleanUp();
  for (const line of cleaned.lines) talk.out(line);
  return failed + cleaned.failed === 0;
};

const rehearse = async (options: RehearseOptions, { talk, clients: open, groundOf }: RehearseParts): Promise<void> => {
  const { stage, second = `${stage}2`, mailbox, account, region, yes = false } = options;
  checkStage(stage);
  if (stage === 'prod')
    throw new CommandFailure(exitCodes.refused, 'prod is not rehearsed: take a stage that may be taken down');
  if (second === stage) throw new CommandFailure(exitCodes.wrongUse, 'the second stage is another than the first');
  if (stageNames.includes(second))
    throw new CommandFailure(
      exitCodes.wrongUse,
      `${second} is a stage of infra/config.ts, and the second is deleted with its data: give it another name`,
    );
  const clients = open();
  await checkFree(clients, [stage, second]);
  const question = `Deploys ${stage} and ${second}, takes both down, deploys ${stage} again, and leaves it: an hour or two, and what two stages cost meanwhile.`;
  await confirm(talk, { question, word: stage, said: yes, flag: '--yes' });
  const rehearsal = new Rehearsal(groundOf({ stage, second, mailbox }, { clients, expected: { account, region } }));
  const good = await hold(rehearsalSteps(rehearsal), rehearsal, talk);
  talk.out(`${stage} is left as it stands: npm run destroy -- --stage ${stage} --with-data takes all of it away`);
  if (!good) throw new CommandFailure(exitCodes.failed, 'the rehearsal did not go well: see the steps that failed');
};

/** `npm run rehearse`. */
export const buildRehearseProgram = (parts: RehearseParts): Command =>
  new Command('npm run rehearse --')
    .description('Rehearse a stage on AWS: from nothing to deployed again, with a meter, a restore and a second stage.')
    .showHelpAfterError('(--help says how)')
    .requiredOption('--stage <stage>', 'stage of infra/config.ts that is not there yet')
    .requiredOption('--mailbox <email>', 'who is invited as the first user', emailOf)
    .option(
      '--second <stage>',
      'name of the second stage, configured as the first (default: the first with a 2)',
      newStageOf,
    )
    .option('--account <id>', 'account the stages must be in, where infra/config.ts does not say')
    .option('--region <region>', 'region the stages must be in, where infra/config.ts does not say')
    .option('--yes', 'answer the question before it is asked')
    .action((options: RehearseOptions) => atStage(options.stage, () => rehearse(options, parts)));
