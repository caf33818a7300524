import type * as z from 'zod';

/**
 * A route of the running process on this machine: for the operator's command line alone, no part of `/v1`, of OpenAPI or of the
 * deployed API. It takes an operator's token; a refusal is problem+json as elsewhere.
 */
export interface LocalRoute<Input extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST';
  readonly path: `/_local/${string}`;
  readonly summary: string;
  /** Query of a GET (values arrive as text), JSON body of a POST. */
  readonly input: Input;
  readonly answer: Answer;
}

/** Keeps the schemas' types while checking the shape. */
export const defineLocalRoute = <Input extends z.ZodType, Answer extends z.ZodType>(
  route: LocalRoute<Input, Answer>,
): LocalRoute<Input, Answer> => route;
