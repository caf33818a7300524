import { RemovalPolicy } from 'aws-cdk-lib';
import type { FunctionName } from '#functions/manifest.ts';
import type { StageConfig } from '#infra/config.ts';
import { stageName } from '#shared/vocabulary/stage.ts';

/** Folder with the bundled code of each function. */
export type CodeFolders = Readonly<Record<FunctionName, string>>;

/** What every stack is made from. */
export interface Deployment {
  readonly config: StageConfig;
  readonly code: CodeFolders;
  /**
   * Whether the stage is being made: a creation that failed is deleted with all it made, so nothing refuses that before it stands.
   */
  readonly isFirst?: boolean;
}

/** Whether stacks and what holds data refuse to be deleted. */
export const isProtected = ({ config, isFirst = false }: Deployment): boolean => config.deletionProtection && !isFirst;

/** Physical name of what has one. */
export const physicalName = ({ config }: Deployment, name: string): string => stageName(config.stage, name);

/**
 * What is kept when its stack goes, or when it leaves the stack. Where the very operation that made it is rolled back it goes too, so
 * that the next try does not meet it (CloudFormation: DeletionPolicy RetainExceptOnCreate).
 */
export const kept = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** Logs under fixed names: kept where a stage protects what it has. */
export const keptLogs = ({ config }: Deployment): RemovalPolicy =>
  config.deletionProtection ? kept : RemovalPolicy.DESTROY;
