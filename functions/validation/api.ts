import type { Operations } from '#shared/edge/operation.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import type { Table } from '#shared/table/table.ts';
import { correctionOperations } from './api-corrections.ts';
import { exceptionOperations } from './api-exceptions.ts';

export interface ValidationParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly submit: SubmitFacts;
  readonly now: () => number;
}

/** Operations on judged readings. */
export const validationOperations = (parts: ValidationParts) =>
  ({ ...exceptionOperations(parts), ...correctionOperations(parts) }) satisfies Partial<Operations>;
