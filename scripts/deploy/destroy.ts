import type { Stack } from '@aws-sdk/client-cloudformation';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import type { Said } from '#infra/config.ts';
import { costOf, prices } from '#scripts/cost/prices.ts';
import type { Clients } from './aws.ts';
import { deleteData, type Gone, isData } from './data.ts';
import { checkCaller, checkStage, type Expected } from './preflight.ts';
import { deleteStack, findStacks, type KeptResource, keptOf, type StackId, stackIds, stackNameOf } from './stacks.ts';
import { runSteps } from './steps.ts';
import { confirm, type Talk } from './talk.ts';

export interface DestroyOptions extends Expected, Pick<Said, 'like'> {
  readonly stage: string;
  readonly withData?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly yesDeleteProd?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export interface DestroyPlan {
  /** Stacks that go, last made first. */
  readonly stacks: readonly { readonly id: StackId; readonly name: string; readonly going: number }[];
  /** What stays, whichever stack it is of. */
  readonly stays: readonly KeptResource[];
  /** What is deleted beside the stacks. */
  readonly data: readonly KeptResource[];
}

const hoursPerMonth = 730;
const dollars = (value: number, digits = 2): string => `$${value.toFixed(digits)}`;

/** What a kind of resource costs while nobody uses it. */
const keepCost: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': `${dollars(prices.stored.dollars)} a GB and month, recovery apart`,
  'AWS::Kinesis::Stream': `${dollars(costOf('shard', hoursPerMonth))} a shard and month`,
  'AWS::KMS::Key': `${dollars(prices.key.dollars)} a month`,
  'AWS::S3::Bucket': `${dollars(prices.object.dollars, 3)} a GB and month`,
  'AWS::Logs::LogGroup': 'by the GB, until its retention is over',
  'AWS::Events::Archive': 'by the GB, until its retention is over',
};

/** What a destroy does, from what is there. The stack with the data goes only with it. */
export const destroyPlan = (
  stage: string,
  found: ReadonlyMap<StackId, { readonly kept: readonly KeptResource[]; readonly going: number }>,
  withData: boolean,
): DestroyPlan => {
  const going = stackIds.toReversed().filter((id) => found.has(id) && (withData || id !== 'Stateful'));
  const kept = going.flatMap((id) => found.get(id)?.kept ?? []);
  const ofStateful = withData ? [] : (found.get('Stateful')?.kept ?? []);
  return {
    stacks: going.map((id) => ({ id, name: stackNameOf(stage, id), going: found.get(id)?.going ?? 0 })),
    stays: [...(withData ? kept.filter((one) => !isData(one)) : kept), ...ofStateful],
    data: withData ? kept.filter(isData) : [],
  };
};

export const planLines = (plan: DestroyPlan): readonly string[] => [
  ...plan.stacks.map(({ name, going }) => `removes  ${name} (${going} resources)`),
  ...plan.data.map(({ type, id }) => `DELETES  ${type} ${id}`),
  ...plan.stays.map(
    ({ type, id }) => `stays    ${type} ${id}${keepCost[type] === undefined ? '' : `: ${keepCost[type]}`}`,
  ),
];

export interface Destroyed {
  readonly stage: string;
  readonly dryRun: boolean;
  readonly plan: DestroyPlan;
  readonly data: readonly Gone[];
}

const refuseProd = ({ stage, withData, yesDeleteProd }: DestroyOptions): void => {
  if (stage !== 'prod' || withData !== true || yesDeleteProd === true) return;
  throw new CommandFailure(exitCodes.refused, 'the data of prod is not deleted; who means it adds --yes-delete-prod');
};

const look = async (clients: Clients, stage: string, stacks: ReadonlyMap<StackId, Stack>) => {
  const found = new Map<StackId, Awaited<ReturnType<typeof keptOf>>>();
  for (const id of stacks.keys()) found.set(id, await keptOf(clients, stackNameOf(stage, id)));
  return found;
};

const ask = async (options: DestroyOptions, talk: Talk, plan: DestroyPlan): Promise<void> => {
  const { stage, withData } = options;
  if (withData === true) {
    const question = `All data of ${stage} is deleted for ever: ${plan.data.length} resources.`;
    await confirm(talk, { question, word: stage, said: false, flag: 'a person at a terminal' });
    return;
  }
  const question = `${plan.stacks.length} stacks of ${stage} are removed; what they hold of messages under way goes with them.`;
  await confirm(talk, { question, word: stage, said: options.yes === true, flag: '--yes' });
};

/** Takes a stage down. Its data stays unless asked for; says what stays and what it costs. */
export const destroy = async (
  options: DestroyOptions,
  { clients, talk }: { readonly clients: Clients; readonly talk: Talk },
): Promise<Destroyed> => {
  const { stage, withData = false, dryRun = false, json = false } = options;
  checkStage(options.like ?? stage);
  refuseProd(options);
  await checkCaller(options.like ?? stage, options, clients);
  const stacks = await findStacks(clients, stage);
  if (stacks.size === 0) {
    throw new CommandFailure(exitCodes.failed, `there is no stage ${stage} in this AWS account and region`);
  }
  const plan = destroyPlan(stage, await look(clients, stage, stacks), withData);
  if (!json) for (const line of planLines(plan)) talk.note(line);
  if (dryRun) return { stage, dryRun, plan, data: [] };
  await ask(options, talk, plan);
  const shown = talk.isInteractive ? 'tree' : 'lines';
  const steps = plan.stacks.map(({ id, name }) => ({
    title: name,
    run: async () => {
      await deleteStack(clients, name, id === 'Stateful');
      return 'removed';
    },
  }));
  await runSteps(steps, json ? 'silent' : shown, talk);
  return { stage, dryRun, plan, data: await deleteData(clients, plan.data) };
};

export const destroyedLines = ({ dryRun, data, plan }: Destroyed): readonly string[] => {
  if (dryRun) return ['dry run: nothing was changed'];
  const outcomes = data.map(
    ({ type, id, outcome, note }) => `${outcome.padEnd(8)} ${type} ${id}${note === undefined ? '' : `: ${note}`}`,
  );
  const stays =
    plan.stays.filter(isData).length + data.filter((one) => isData(one) && one.outcome !== 'deleted').length;
  return [
    ...outcomes,
    stays === 0
      ? 'no data stays'
      : `${stays} resources with data stay${data.length > 0 ? '' : '; deploy again and they are used again'}`,
  ];
};
