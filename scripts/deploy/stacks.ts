import {
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
  UpdateTerminationProtectionCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { stageName } from '#shared/vocabulary/stage.ts';
import type { Clients } from './aws.ts';

/** Construct ids of the stacks, in the order in which they depend on each other. The first holds the data. */
export const stackIds = ['Stateful', 'Ingest', 'Events', 'Api', 'Observability'] as const;
export type StackId = (typeof stackIds)[number];

export const stackNameOf = (stage: string, id: StackId): string => stageName(stage, id.toLowerCase());

const isNotThere = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist');

/** A stack as CloudFormation tells it; undefined where there is none. */
export const findStack = async ({ cloudFormation }: Clients, name: string): Promise<Stack | undefined> => {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
};

/** States of a stack whose first creation did not end well (Understand CloudFormation stack states: ROLLBACK_COMPLETE can only be deleted). */
const failedStates = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'REVIEW_IN_PROGRESS'];

/** Whether a stack never came to stand: it holds nothing, and can only be deleted. */
export const isFailed = ({ StackStatus }: Stack): boolean => failedStates.some((state) => state === StackStatus);

/** What is there of a stage, in order of dependence. */
export const findStacks = async (clients: Clients, stage: string): Promise<ReadonlyMap<StackId, Stack>> => {
  const found = new Map<StackId, Stack>();
  for (const id of stackIds) {
    const stack = await findStack(clients, stackNameOf(stage, id));
    if (stack !== undefined) found.set(id, stack);
  }
  return found;
};

/** Something that stays when its stack is deleted. */
export interface KeptResource {
  readonly type: string;
  readonly id: string;
}

const Template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), DeletionPolicy: z.string().optional() })),
});

/** What of a stack stays when it is deleted, by its template, and how many resources go. */
export const keptOf = async (
  { cloudFormation }: Clients,
  name: string,
): Promise<{ readonly kept: readonly KeptResource[]; readonly going: number }> => {
  const ids = new Map<string, string>();
  for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: name })) {
    for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
      if (LogicalResourceId !== undefined && PhysicalResourceId !== undefined)
        ids.set(LogicalResourceId, PhysicalResourceId);
    }
  }
  const { TemplateBody = '{}' } = await cloudFormation.send(
    new GetTemplateCommand({ StackName: name, TemplateStage: 'Processed' }),
  );
  const { Resources } = Template.parse(JSON.parse(TemplateBody));
  const kept = Object.entries(Resources).flatMap(([logicalId, { Type, DeletionPolicy = 'Delete' }]) => {
    const id = ids.get(logicalId);
    return id !== undefined && DeletionPolicy.startsWith('Retain') ? [{ type: Type, id }] : [];
  });
  return { kept, going: ids.size - kept.length };
};

const deleteSeconds = 1800;

/** Deletes a stack and waits for its end. */
export const deleteStack = async ({ cloudFormation }: Clients, name: string, lift: boolean): Promise<void> => {
  if (lift) {
    const off = { StackName: name, EnableTerminationProtection: false };
    await cloudFormation.send(new UpdateTerminationProtectionCommand(off));
  }
  await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
  try {
    const client = { client: cloudFormation, maxWaitTime: deleteSeconds, minDelay: 2, maxDelay: 10 };
    await waitUntilStackDeleteComplete(client, { StackName: name });
  } catch (error) {
    throw new CommandFailure(
      exitCodes.failed,
      `the stack ${name} was not deleted: \`aws cloudformation describe-stack-events --stack-name ${name}\` tells why; then run destroy again`,
      { cause: error },
    );
  }
};
