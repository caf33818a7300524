import assert from 'node:assert/strict';
import { askOperator } from '#cli/stage/ask-operator.ts';
import { newReplay } from '#functions/operations/replay.ts';
import { putReplay, replayNow } from '#functions/operations/store/replays.ts';
import { type ReplayStatus, replay, replayStatus } from '#shared/contracts/local/ops.ts';
import { openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import type { StoryStep } from '#tests/journeys/story/world.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { DeployedParts } from './deployed-parts.ts';

/** The schedule fires every minute here. */
const patienceMs = 120_000;
/** Longer than a run of a function may last. */
const longAgoMs = 60 * 60_000;
const segments = 3;

/** A replay is worked on by runs of their own, also one whose workers died. */
export const replaySteps = ({ clients, deployed }: DeployedParts): readonly StoryStep[] => {
  const { stage } = deployed;
  const look = (id: string): Promise<ReplayStatus> => {
    const { answer } = replayStatus;
    return askOperator(stage, { at: 'operations', act: 'replay-status', input: { id }, answer }, () => {});
  };
  const isOver = ({ state }: ReplayStatus): boolean => state !== 'running';
  return [
    {
      name: 'replayed',
      title: 'a replay of the operator is worked on in segments, and finds all as its facts fold to',
      run: async () => {
        const { answer } = replay;
        const asked = {
          at: 'operations',
          act: 'replay',
          input: { segments },
          answer,
          reason: 'The story of a stage.',
        } as const;
        const { id } = await askOperator(stage, asked, () => {});
        const done = await eventually('the replay is over', patienceMs, () => look(id), isOver);
        assert.deepEqual([done.state, done.segmentsDone, done.failed], ['done', segments, 0]);
        assert.ok(done.subjects > 0, 'no subject was folded anew');
      },
    },
    {
      name: 'replays-left',
      title: 'segments of a replay that nobody works on any more are taken up by the clock',
      run: async () => {
        const { profileTable, readingsTable, auditTable, keysTable } = await deployed.settings('operations', [
          'profileTable',
          'readingsTable',
          'auditTable',
          'keysTable',
        ]);
        const names = { profile: profileTable, readings: readingsTable, audit: auditTable, keys: keysTable };
        const profile = openDynamoTables({ names, client: clients.dynamo }).table('profile');
        const left = newReplay({ events: false, dryRun: true }, segments, Date.now() - longAgoMs);
        assert.ok(await putReplay(profile, left, await replayNow(profile)));
        const done = await eventually('the clock', patienceMs, () => look(left.id), isOver);
        assert.deepEqual([done.state, done.segmentsDone], ['done', segments]);
      },
    },
  ];
};
