import { accessSteps } from './access.ts';
import { factSteps } from './facts.ts';
import type { StoryGround } from './ground.ts';
import { identitySteps } from './identity.ts';
import { meterSteps } from './meter.ts';
import { type StoryStep, StoryWorld } from './world.ts';

/**
 * The story of the system, told to whatever stands behind the ground: facts in, view out; a meter that is heard; who may look, and
 * who looked; which word stands, and who is one with whom. Tests tell it to the system of one machine, the deploy test to the deployed stacks.
 */
export const story = (ground: StoryGround): readonly StoryStep[] => {
  const world = new StoryWorld(ground);
  return [...factSteps(world), ...meterSteps(world), ...accessSteps(world), ...identitySteps(world)];
};
