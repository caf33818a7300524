import type * as z from 'zod';
import type { OperatorAct } from '#shared/vocabulary/acts.ts';

/**
 * A route of the running process on this machine: for the operator's command line alone, no part of `/v1`, of OpenAPI or of the
 * deployed API. It takes an operator's token; a refusal is problem+json as elsewhere.
 */
export interface LocalRoute<
  Input extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
  Act extends OperatorAct = OperatorAct,
> {
  readonly method: 'GET' | 'POST';
  readonly path: `/_local/${string}`;
  /** What it is called in the audit, where all but a GET leave an entry. */
  readonly act: Act;
  /** Nobody does it without saying why, in the header Rotunda-Reason; a dry run changes nothing and needs no reason. */
  readonly reason?: 'required';
  /** Member of the input that names what it is about. */
  readonly about?: string;
  readonly summary: string;
  /** Query of a GET (values arrive as text), JSON body of a POST. */
  readonly input: Input;
  readonly answer: Answer;
}

/** Whether this must not be done without a reason. */
export const needsReason = ({ reason }: Pick<LocalRoute, 'reason'>, input: unknown): boolean => {
  const dryRun = typeof input === 'object' && input !== null && 'dryRun' in input && input.dryRun === true;
  return reason === 'required' && !dryRun;
};

/** Keeps the schemas' types while checking the shape. */
export const defineLocalRoute = <Input extends z.ZodType, Answer extends z.ZodType, const Act extends OperatorAct>(
  route: LocalRoute<Input, Answer, Act>,
): LocalRoute<Input, Answer, Act> => route;
