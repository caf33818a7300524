import type * as z from 'zod';
import { redrive } from '#shared/contracts/local/ops.ts';
import { askOperator } from './ask-operator.ts';

type Redriven = z.output<typeof redrive.answer>;

const added = (one: Redriven, other: Redriven): Redriven => ({
  tried: one.tried + other.tried,
  placed: one.placed + other.placed,
  left: one.left + other.left,
});

/**
 * Redrives at a stage, first what was given up: what is kept in quarantine may stand on it. The counts are of both.
 * @param onStep told what came of both so far, after each step but the last of each
 */
export const redriveStage = async (
  stage: string,
  said: { readonly input: object; readonly reason?: string },
  onStep: (answer: Redriven) => void,
): Promise<Redriven> => {
  const asked = { act: 'redrive', ...said, answer: redrive.answer } as const;
  const parked = await askOperator(stage, { ...asked, at: 'operations-parked' }, onStep);
  const kept = await askOperator(stage, { ...asked, at: 'operations' }, (step) => onStep(added(parked, step)));
  return added(parked, kept);
};
