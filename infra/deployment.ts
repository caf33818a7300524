import type { StageConfig } from '#infra/config.ts';
import { stageName } from '#shared/vocabulary/stage.ts';

/** House names of the functions: each is deployed as `rotunda-<stage>-<name>`. */
export const functionNames = [
  'accounts',
  'access-log',
  'customers',
  'explain',
  'facts',
  'identity',
  'meters',
  'imports',
  'duplicates',
  'outages',
  'validation',
  'premises',
  'privacy',
  'reference',
  'search',
  'usage',
  'platform',
  'facts-inbound',
  'readings',
  'reading-conflicts',
  'usage-follow',
  'follow',
  'relay',
  'audit-seal',
  'audit-checkpoint',
  'meter-provision',
  'meter-certificates',
  'silent-meters',
  'imports-work',
  'imports-points',
  'operations',
  'operations-parked',
  'operations-match',
  'sign-in',
  'sign-in-staff',
] as const;
export type FunctionName = (typeof functionNames)[number];

/** Folder with the bundled code of each function. */
export type CodeFolders = Readonly<Record<FunctionName, string>>;

/** What every stack is made from. */
export interface Deployment {
  readonly config: StageConfig;
  readonly code: CodeFolders;
}

/** Physical name of what has one. */
export const physicalName = ({ config }: Deployment, name: string): string => stageName(config.stage, name);
