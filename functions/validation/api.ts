import type { Operations } from '#shared/edge/operation.ts';
import { correctionOperations } from './api-corrections.ts';
import { exceptionOperations } from './api-exceptions.ts';
import type { ValidationParts } from './validation-parts.ts';

/** Operations on judged readings. */
export const validationOperations = (parts: ValidationParts) =>
  ({ ...exceptionOperations(parts), ...correctionOperations(parts) }) satisfies Partial<Operations>;
