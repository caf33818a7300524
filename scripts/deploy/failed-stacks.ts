import type { Stack } from '@aws-sdk/client-cloudformation';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import type { Clients } from './aws.ts';
import { deleteStack, isFailed, type KeptResource, keptOf } from './stacks.ts';

/** A stack whose creation failed, and what of it is there still. */
export interface FailedStack {
  readonly name: string;
  readonly status: string;
  /** What would stay where the stack is deleted: in the way of the next try, and perhaps with data in it. */
  readonly kept: readonly KeptResource[];
}

/** Stacks that never came to stand. */
export const failedStacks = async (clients: Clients, stacks: Iterable<Stack>): Promise<readonly FailedStack[]> => {
  const found: FailedStack[] = [];
  for (const stack of stacks) {
    const { StackName: name = '', StackStatus: status = '' } = stack;
    if (isFailed(stack)) found.push({ name, status, kept: (await keptOf(clients, name)).kept });
  }
  return found;
};

/** What is said of each before it is removed. */
export const failedLines = (failed: readonly FailedStack[]): readonly string[] =>
  failed.flatMap(({ name, status, kept }) => [
    `${name} was never made whole (${status}): it is removed before it is made again`,
    ...kept.map(({ type, id }) => `stays    ${type} ${id}, which that try left behind`),
  ]);

/**
 * Removes what a first try left, so that the next one begins anew. Throws where resources would stay behind that were made by a
 * stack which is kept: somebody has to look at them first.
 */
export const removeFailed = async (clients: Clients, failed: readonly FailedStack[]): Promise<void> => {
  for (const { name, kept } of failed) {
    if (kept.length > 0) {
      const left = kept.map(({ type, id }) => `${type} ${id}`).join(', ');
      throw new CommandFailure(
        exitCodes.refused,
        `${name} failed and left ${left}: see what is in it, delete it, then deploy again`,
      );
    }
    await deleteStack(clients, name, true);
  }
};
