import { accessSteps } from './access.ts';
import { factSteps } from './facts.ts';
import { fileSteps, takenBackStep } from './files.ts';
import type { StoryGround } from './ground.ts';
import { identitySteps } from './identity.ts';
import { insightSteps } from './insights.ts';
import { judgingSteps, silentStep } from './judging.ts';
import { meterSteps } from './meter.ts';
import { moveSteps } from './moves.ts';
import { referenceSteps } from './reference.ts';
import { type StoryStep, StoryWorld } from './world.ts';

/**
 * The story of the system, told to whatever stands behind the ground: facts in, view out; who moves out and in; a file of meter data; a meter that is heard; a day that is judged and corrected; the weather and prices; who may look, and
 * who looked; which word stands, and who is one with whom. Tests tell it to the system of one machine, the deploy test to the deployed stacks.
 */
export const story = (ground: StoryGround): readonly StoryStep[] => {
  const world = new StoryWorld(ground);
  return [
    ...factSteps(world),
    ...moveSteps(world),
    ...fileSteps(world),
    ...meterSteps(world),
    ...judgingSteps(world),
    ...insightSteps(world),
    ...referenceSteps(world),
    takenBackStep(world),
    ...accessSteps(world),
    ...identitySteps(world),
    silentStep(world),
  ];
};
