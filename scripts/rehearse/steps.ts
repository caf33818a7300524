import type { Rehearsal, Step } from './rehearsal.ts';
import { againSteps } from './steps/again.ts';
import { besideStep } from './steps/beside.ts';
import { deployStep } from './steps/deploy.ts';
import { factStep } from './steps/fact.ts';
import { firstUserStep } from './steps/first-user.ts';
import { meterStep } from './steps/meter.ts';
import { poisonStep } from './steps/poison.ts';
import { restoreStep } from './steps/restore.ts';
import { rollBackStep } from './steps/roll-back.ts';
import { viewStep } from './steps/view.ts';

/** The rehearsal of a stage, from nothing to deployed again. */
export const rehearsalSteps = (rehearsal: Rehearsal): readonly Step[] => [
  deployStep(rehearsal),
  firstUserStep(rehearsal),
  meterStep(rehearsal),
  factStep(rehearsal),
  viewStep(rehearsal),
  poisonStep(rehearsal),
  restoreStep(rehearsal),
  rollBackStep(rehearsal),
  besideStep(rehearsal),
  ...againSteps(rehearsal),
];
