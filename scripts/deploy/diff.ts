import type { StackId } from './stacks.ts';
import { stackIds } from './stacks.ts';

/** A resource whose data would be lost, or left behind by its stack. */
export interface Endangered {
  readonly stack: StackId;
  readonly type: string;
  readonly logicalId: string;
  readonly fate: 'destroy' | 'orphan' | 'replace' | 'may be replaced';
}

/** What a deployment would do to a stack. */
export interface StackChange {
  readonly stack: StackId;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly endangered: readonly Endangered[];
}

/** Resources that hold what cannot be made again: data, keys, who may sign in. */
const holdsData = new Set([
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::S3::Bucket',
]);

const stackLine = /^Stack (\S+)/;
const resourceLine = /^\[([+~-])\] (AWS::\S+|Custom::\S+)(.*)$/;
const fateAtEnd = /\s(destroy|orphan|replace|may be replaced)\s*$/;

const isStack = (name: string): name is StackId => stackIds.some((id) => id === name);
const fates: readonly Endangered['fate'][] = ['destroy', 'orphan', 'replace', 'may be replaced'];

/** Reads what `cdk diff` printed, as the pinned version prints it: parameters, rights and outputs are not resources. */
export const readDiff = (printed: string): readonly StackChange[] => {
  const changes = new Map<StackId, { added: number; changed: number; removed: number; endangered: Endangered[] }>();
  let stack: StackId | undefined;
  let inResources = false;
  for (const line of printed.split('\n')) {
    const named = stackLine.exec(line)?.[1];
    if (named !== undefined) {
      stack = isStack(named) ? named : undefined;
      inResources = false;
      if (stack !== undefined) changes.set(stack, { added: 0, changed: 0, removed: 0, endangered: [] });
      continue;
    }
    // A section begins with a word alone: Parameters, Resources, Outputs, …
    if (/^[A-Z][A-Za-z ]+$/.test(line)) inResources = line === 'Resources';
    const [, sign, type = '', rest = ''] = resourceLine.exec(line) ?? [];
    const change = stack === undefined ? undefined : changes.get(stack);
    if (!inResources || sign === undefined || stack === undefined || change === undefined) continue;
    if (sign === '+') change.added += 1;
    if (sign === '~') change.changed += 1;
    if (sign === '-') change.removed += 1;
    const said = fateAtEnd.exec(rest)?.[1];
    const fate = fates.find((one) => one === said) ?? (sign === '-' ? 'destroy' : undefined);
    if (fate === undefined || !holdsData.has(type)) continue;
    const logicalId = rest.replace(fateAtEnd, '').trim().split(/\s+/).at(-1) ?? '';
    change.endangered.push({ stack, type, logicalId, fate });
  }
  return [...changes].map(([id, change]) => ({ stack: id, ...change }));
};

export const changeLine = ({ added, changed, removed }: StackChange): string =>
  added + changed + removed === 0 ? 'no change' : `${added} added, ${changed} changed, ${removed} removed`;
