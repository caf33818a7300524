import assert from 'node:assert/strict';
import type { Deployed } from '#scripts/deploy/deploy.ts';
import { type Rehearsal, type Step, secondsSince } from '../rehearsal.ts';

/** What a deployment says of itself. */
export const deploymentLines = (
  { changes, account, region, failed }: Deployed,
  startedMs: number,
): readonly string[] => {
  const sum = (pick: (change: Deployed['changes'][number]) => number) =>
    changes.reduce((total, change) => total + pick(change), 0);
  return [
    `${changes.length} stacks in ${account}, ${region}: ${sum(({ added }) => added)} resources added, ${sum(({ changed }) => changed)} changed, ${sum(({ removed }) => removed)} removed, in ${secondsSince(startedMs)}`,
    ...(failed.length === 0 ? [] : [`${failed.length} stacks of an earlier try were removed first`]),
  ];
};

export const deployStep = (rehearsal: Rehearsal): Step => ({
  name: 'deploy',
  title: 'the stage is deployed from nothing, and its API answers',
  run: async () => {
    const { ground } = rehearsal;
    const started = performance.now();
    const deployed = await ground.deploy({ stage: ground.stage });
    const lines = deploymentLines(deployed, started);
    const { api } = await rehearsal.open();
    const { status } = await api.ask({ path: '/v1/health' });
    assert.equal(status, 200);
    return [...lines, `GET /v1/health answers ${status}`];
  },
});
