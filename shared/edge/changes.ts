import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { Committer } from '#shared/facts/commit.ts';
import { olderRecordOf } from '#shared/profile/store/subjects.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { changesOf } from '#shared/table/dynamo/dynamo-stream.ts';
import type { Change } from '#shared/table/table.ts';

/** How far a reader of changes came: the position of the first one that failed; those before it are done. */
export interface Taken {
  readonly failed?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A reader of a table's changes. Changes may come twice, and doing one twice ends the same. Throws where it cannot be said which
 * change failed: the batch is then split until it shows.
 */
export type TakeChanges = (changes: readonly Change[]) => Promise<Taken>;

const allTaken: Taken = {};

/** A reader that does one change after the other and stops at the first that fails. */
export const oneByOne =
  (act: (change: Change) => Promise<void>): TakeChanges =>
  async (changes) => {
    for (const change of changes) {
      try {
        await act(change);
      } catch (cause) {
        return { failed: change.position, cause };
      }
    }
    return allTaken;
  };

/** A reader that takes a batch as a whole. */
export const together =
  (act: (changes: readonly Change[]) => Promise<void>): TakeChanges =>
  async (changes) => {
    await act(changes);
    return allTaken;
  };

/**
 * A reader that has a record folded anew which older rules folded, where that is why it failed: the change comes again, and then
 * finds it.
 */
export const refoldingOlder = (take: TakeChanges, { refold }: Pick<Committer, 'refold'>): TakeChanges => {
  const refoldIf = async (cause: unknown): Promise<void> => {
    const older = olderRecordOf(cause);
    if (older !== undefined) await refold(older);
  };
  return async (changes) => {
    try {
      const taken = await take(changes);
      await refoldIf(taken.cause);
      return taken;
    } catch (cause) {
      await refoldIf(cause);
      throw cause;
    }
  };
};

/**
 * Several readers of one stream as one. Each gets the whole batch, so that the failure of one keeps nothing from the others;
 * then the first change that failed for any of them is told, or what one threw is thrown.
 */
const takenBy = async (readers: readonly TakeChanges[], changes: readonly Change[]): Promise<readonly Taken[]> => {
  const taken: Taken[] = [];
  const thrown: unknown[] = [];
  for (const reader of readers) {
    try {
      taken.push(await reader(changes));
    } catch (error) {
      thrown.push(error);
    }
  }
  if (thrown.length > 0) throw thrown[0];
  return taken;
};

/**
 * The edge of a function that reads a table's stream: hands the changes to its readers and answers the sequence number Lambda is
 * to begin again at. Lambda begins again at the lowest number it is given, so one is enough.
 */
export const readChanges =
  (readers: readonly TakeChanges[], logger: Logger) =>
  async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const changes = changesOf(event);
    if (changes.length === 0) return { batchItemFailures: [] };
    const failures = (await takenBy(readers, changes)).filter(({ failed }) => failed !== undefined);
    const [first] = changes.filter(({ position }) => failures.some(({ failed }) => failed === position));
    if (first === undefined) return { batchItemFailures: [] };
    for (const { failed, cause } of failures)
      logger.warn('change.failed', { position: failed, cause: causeName(cause) });
    return { batchItemFailures: [{ itemIdentifier: first.position }] };
  };
