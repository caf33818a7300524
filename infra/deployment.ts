import type { FunctionName } from '#functions/manifest.ts';
import type { StageConfig } from '#infra/config.ts';
import { stageName } from '#shared/vocabulary/stage.ts';

/** Folder with the bundled code of each function. */
export type CodeFolders = Readonly<Record<FunctionName, string>>;

/** What every stack is made from. */
export interface Deployment {
  readonly config: StageConfig;
  readonly code: CodeFolders;
}

/** Physical name of what has one. */
export const physicalName = ({ config }: Deployment, name: string): string => stageName(config.stage, name);
