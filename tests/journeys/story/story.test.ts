import { afterAll, describe, it } from 'vitest';
import { openLocalGround } from '#tests/support/local-ground.ts';
import { story } from './story.ts';

/** The story told to the system of this machine, step by step; the deploy test tells the same one to the deployed stacks. */

/** Milliseconds of a step: more than it waits for what comes by streams. */
const longest = 60_000;

const ground = await openLocalGround();
afterAll(() => ground.close());

describe('on one machine', () => {
  for (const { title, run } of story(ground)) it(title, run, longest);
});
