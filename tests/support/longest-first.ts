import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that keep a worker busy for most of a minute or more, the longest first. */
const longest: readonly string[] = [
  'dynamo-under-fire',
  'kill-while-importing',
  'kill-while-merging',
  'kill-while-writing',
  'typed-pages',
  'import-through-kills',
  'kill-while-seeding',
  'merge.property',
  'start-and-stop',
  'many-writers',
  'roots',
  'as-of',
];

const turnOf = ({ moduleId }: TestSpecification): number => {
  const turn = longest.indexOf(basename(moduleId, '.all.test.ts'));
  return turn === -1 ? longest.length : turn;
};

/** The longest files first, so that no worker is left alone with one: a clean clone has no record of how long they took. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => turnOf(one) - turnOf(other));
  }
}
