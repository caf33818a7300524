import assert from 'node:assert/strict';
import type { Rehearsal, Step } from '../rehearsal.ts';
import { secondsSince } from '../rehearsal.ts';
import { deploymentLines } from './deploy.ts';

/** A second stage is made in the same account and region, has nothing in common with the first, and goes with all it has. */
export const besideStep = (rehearsal: Rehearsal): Step => ({
  name: 'second-stage',
  title: 'a second stage stands beside the first, takes none of its tokens, and goes with its data',
  run: async () => {
    const { ground, customer } = rehearsal;
    const { stage, second } = ground;
    const asked = { stage: second, like: stage };
    const started = performance.now();
    const remove = () => ground.destroy({ ...asked, withData: true });
    const isGone = rehearsal.made(`the stage ${second}`, remove);
    const lines = deploymentLines(await ground.deploy(asked), started);
    const other = await ground.open(second);
    const health = await other.api.ask({ path: '/v1/health' });
    const path = `/v1/customers/${customer}/360`;
    const token = await rehearsal.stand.api.tokenOf({ role: 'agent' });
    const foreign = await other.api.ask({ path, token });
    const own = await other.api.ask({ path, as: { role: 'agent' } });
    const first = await rehearsal.view();
    assert.deepEqual([health.status, foreign.status, own.status], [200, 401, 404]);
    const removing = performance.now();
    const { plan, data } = await remove();
    isGone();
    const stays = data.filter(({ outcome }) => outcome !== 'deleted');
    return [
      ...lines,
      `a user of ${stage} is answered ${foreign.status} by ${second}, its own ${own.status}; ${stage} still shows ${first.customer.id}`,
      `${plan.stacks.length} stacks of ${second} and ${data.length - stays.length} resources with data removed in ${secondsSince(removing)}`,
      ...stays.map(({ type, id, note }) => `stays: ${type} ${id}${note === undefined ? '' : `: ${note}`}`),
    ];
  },
});
