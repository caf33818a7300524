import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import type { Table } from '#shared/table/table.ts';

export interface ValidationParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly submit: SubmitFacts;
  readonly now: () => number;
}
