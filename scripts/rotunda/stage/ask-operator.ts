import { setTimeout as sleepFor } from 'node:timers/promises';
import type * as z from 'zod';
import { problemLine } from '#scripts/rotunda/connection.ts';
import { CommandFailure, exitCodes } from '#scripts/rotunda/exit-codes.ts';
import { type Invocation, type OperatorActName, StepAnswer } from '#shared/contracts/operations/invocation.ts';
import { createLambdaFunctions } from '#shared/messaging/lambda-functions.ts';
import type { Functions } from '#shared/messaging/ports.ts';
import { callerArn } from '#shared/messaging/sts-caller.ts';
import { stageName } from '#shared/vocabulary/stage.ts';
import { atStage } from './aws-failure.ts';

/** The function that does the operator's acts at a stage. */
export const operationsOf = (stage: string): string => `${stageName(stage, 'operations')}:live`;

const tries = 5;
const busyMs = 1000;

const isBusy = (error: unknown): boolean => error instanceof Error && error.name === 'TooManyRequestsException';

/** One step, asked for again where the stage is busy: a step that was not finished has told no place, so nothing is left out. */
const stepOf = async (functions: Functions, stage: string, invocation: Invocation): Promise<StepAnswer> => {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await functions
      .call(operationsOf(stage), JSON.stringify(invocation))
      .catch((error: unknown) => (isBusy(error) && attempt < tries ? undefined : Promise.reject(error)));
    if (outcome !== undefined) {
      if ('failed' in outcome)
        throw new CommandFailure(exitCodes.failed, `the function operations of ${stage} failed (${outcome.failed})`);
      const step = StepAnswer.parse(outcome.answer);
      if (!('problem' in step) || step.problem.status !== 503 || attempt === tries) return step;
    }
    await sleepFor(busyMs * attempt);
  }
};

const codeOf = (status: number) => (status === 401 || status === 403 ? exitCodes.refused : exitCodes.failed);

/**
 * Does an act of the operator at a stage with the caller's AWS credentials, step by step to its end.
 * @param onStep told what came of it so far, after each step but the last
 */
export const askOperator = <Answer extends z.ZodType>(
  stage: string,
  asked: { readonly act: OperatorActName; readonly input: object; readonly answer: Answer },
  onStep: (answer: z.output<Answer>) => void,
): Promise<z.output<Answer>> =>
  atStage(stage, async () => {
    const functions = createLambdaFunctions();
    const actor = await callerArn();
    const { act, input } = asked;
    let from: string | undefined;
    for (;;) {
      const step = await stepOf(functions, stage, { act, input, actor, ...(from === undefined ? {} : { from }) });
      if ('problem' in step) {
        const { status } = step.problem;
        throw new CommandFailure(codeOf(status), problemLine(status, step.problem));
      }
      const answer = asked.answer.parse(step.answer);
      if (step.next === undefined) return answer;
      onStep(answer);
      from = step.next;
    }
  });
