import { beforeAll } from 'vitest';
import type { Synthesis } from '#infra/synthesize.ts';
import { describeFlows } from './flows.ts';
import { describeRights } from './rights.ts';
import { describeShape } from './shape.ts';
import { describeStores } from './stores.ts';
import { synthesisOf } from './synthesis.ts';
import { describeWatch } from './watch.ts';

/** Both ends: the stage that may be cleaned up, and the one that may not. Each is synthesized once for all tests. */
for (const stage of ['dev', 'prod']) {
  let made: Synthesis | undefined;
  beforeAll(() => {
    made = synthesisOf(stage);
  }, 120_000);
  const synthesis = (): Synthesis => {
    if (made === undefined) throw new Error('nothing was synthesized');
    return made;
  };
  for (const describeGroup of [describeStores, describeFlows, describeRights, describeWatch, describeShape]) {
    describeGroup(stage, synthesis);
  }
}
