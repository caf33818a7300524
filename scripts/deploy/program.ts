import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { atStage } from '#cli/stage/aws-failure.ts';
import { stageConfig } from '#infra/config.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';
import type { Clients } from './aws.ts';
import type { Cdk } from './cdk.ts';
import { type DeployOptions, type DeployParts, deploy, deployedLines } from './deploy.ts';
import { type AccountOptions, deployAccount } from './deploy-account.ts';
import { type DestroyOptions, destroy, destroyedLines } from './destroy.ts';
import type { Talk } from './talk.ts';

export interface Parts {
  readonly talk: Talk;
  /** Made when a command runs: clients look for credentials and region. */
  readonly clients: () => Clients;
  readonly cdk: (environment: Readonly<Record<string, string>>) => Cdk;
  /** The configuration of a stage, where it is not that of the project. */
  readonly configOf?: DeployParts['configOf'];
}

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1');
  return number;
};

const emailOf = (text: string): string => {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return text;
  throw new InvalidArgumentError('an e-mail address');
};

const stagedCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .requiredOption('--stage <stage>', 'stage of infra/config.ts')
    .option('--account <id>', 'account the stage must be in, where infra/config.ts does not say')
    .option('--region <region>', 'region the stage must be in, where infra/config.ts does not say')
    .option('--dry-run', 'look and say what would be done; change nothing')
    .option('--yes', 'answer the question before it is asked, for CI')
    .option('--json', 'answer as one JSON document');

const deployCommand = ({ talk, clients, cdk, configOf = stageConfig }: Parts): Command =>
  stagedCommand('deploy', 'bring a stage onto the AWS account of the caller')
    .option(
      '--meters <n>',
      'meters the quotas must be enough for, where it is more than the stage is made for',
      wholeNumber,
    )
    .option('--first-user <email>', 'somebody to invite by e-mail; needs --role', emailOf)
    .addOption(new Option('--role <role>', 'role of the first user').choices(StaffRole.options))
    .action(async (options: DeployOptions) => {
      if ((options.firstUser === undefined) !== (options.role === undefined)) {
        throw new CommandFailure(exitCodes.wrongUse, '--first-user and --role go together');
      }
      const deployed = await atStage(options.stage, () =>
        deploy(options, { talk, clients: clients(), cdk: cdk({}), configOf }),
      );
      for (const line of options.json ? [JSON.stringify(deployed)] : deployedLines(deployed, options)) talk.out(line);
    });

const accountCommand = ({ talk, clients, cdk }: Parts): Command =>
  new Command('account')
    .description('set up what AWS has once in an account and region: needed before the first stage there')
    .option('--dry-run', 'look and say what would be done; change nothing')
    .action(async (options: AccountOptions) => {
      const parts = { talk, clients: clients(), cdk: cdk({}) };
      talk.out(await atStage('account', () => deployAccount(options, parts)));
    });

const destroyCommand = ({ talk, clients }: Parts): Command =>
  stagedCommand('destroy', 'take a stage down; its data stays unless asked for')
    .option('--with-data', 'delete the data too: asks for the name of the stage')
    .option('--yes-delete-prod', 'with --with-data: prod as well')
    .action(async (options: DestroyOptions) => {
      const destroyed = await atStage(options.stage, () => destroy(options, { talk, clients: clients() }));
      for (const line of options.json ? [JSON.stringify(destroyed)] : destroyedLines(destroyed)) talk.out(line);
    });

/** `npm run deploy`, `deploy:account` and `destroy`; the second word is the command. */
export const buildDeployProgram = (parts: Parts): Command =>
  new Command('npm run')
    .description('Deploy Rotunda, and take it down again.')
    .showHelpAfterError('(--help says how)')
    .addCommand(deployCommand(parts))
    .addCommand(accountCommand(parts))
    .addCommand(destroyCommand(parts));
