import type { ImportFormat } from '#shared/vocabulary/statuses.ts';

export interface ImportOptions {
  readonly format: ImportFormat;
  readonly mapping?: string;
  readonly propose?: boolean;
  readonly errors?: string;
  readonly dryRun?: boolean;
  readonly createMissing?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}
