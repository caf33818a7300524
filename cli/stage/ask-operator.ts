import { setTimeout as sleepFor } from 'node:timers/promises';
import type * as z from 'zod';
import { problemLine } from '#cli/connection.ts';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import {
  type ActsOfFunction,
  type Invocation,
  type OperatorFunction,
  StepAnswer,
} from '#shared/contracts/operations/invocation.ts';
import { createLambdaFunctions } from '#shared/messaging/aws/lambda-functions.ts';
import { callerArn } from '#shared/messaging/aws/sts-caller.ts';
import type { Functions } from '#shared/messaging/ports.ts';
import { stageName } from '#shared/vocabulary/stage.ts';
import { atStage } from './aws-failure.ts';

/** A function that does the operator's acts, at a stage. */
export const operationsOf = (stage: string, at: OperatorFunction): string => `${stageName(stage, at)}:live`;

const tries = 5;
const busyMs = 1000;

const isBusy = (error: unknown): boolean => error instanceof Error && error.name === 'TooManyRequestsException';

/** One step, asked for again where the stage is busy: a step that was not finished has told no place, so nothing is left out. */
const stepOf = async (
  functions: Functions,
  { stage, at }: { readonly stage: string; readonly at: OperatorFunction },
  invocation: Invocation,
): Promise<StepAnswer> => {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await functions
      .call(operationsOf(stage, at), JSON.stringify(invocation))
      .catch((error: unknown) => (isBusy(error) && attempt < tries ? undefined : Promise.reject(error)));
    if (outcome !== undefined) {
      if ('failed' in outcome)
        throw new CommandFailure(exitCodes.failed, `the function ${at} of ${stage} failed (${outcome.failed})`);
      const step = StepAnswer.parse(outcome.answer);
      if (!('problem' in step) || step.problem.status !== 503 || attempt === tries) return step;
    }
    await sleepFor(busyMs * attempt);
  }
};

const codeOf = (status: number) => (status === 401 || status === 403 ? exitCodes.refused : exitCodes.failed);

/**
 * Does an act of one of the operator's functions at a stage, with the caller's AWS credentials, step by step to its end.
 * @param onStep told what came of it so far, after each step but the last
 */
export const askOperator = <At extends OperatorFunction, Answer extends z.ZodType>(
  stage: string,
  asked: {
    readonly at: At;
    readonly act: ActsOfFunction[At];
    readonly input: object;
    readonly answer: Answer;
    readonly reason?: string;
  },
  onStep: (answer: z.output<Answer>) => void,
): Promise<z.output<Answer>> =>
  atStage(stage, async () => {
    const functions = createLambdaFunctions();
    const actor = await callerArn();
    const { at, act, input, reason } = asked;
    let from: string | undefined;
    for (;;) {
      const invocation = {
        act,
        input,
        actor,
        ...(reason === undefined ? {} : { reason }),
        ...(from === undefined ? {} : { from }),
      };
      const step = await stepOf(functions, { stage, at }, invocation);
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
