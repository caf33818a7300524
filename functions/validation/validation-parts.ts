import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import type { Table } from '#shared/table/table.ts';

export interface ValidationParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly prepare: PrepareFacts;
  readonly now: () => number;
}
