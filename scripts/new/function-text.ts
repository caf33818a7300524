import { inWords, member, pascal, sentence } from './names.ts';

/** A function, or a part that runs in one. */
export interface AskedFunction {
  /** `complaints-look` */
  readonly name: string;
  readonly capability: string;
  /** The part of the capability: `look`. */
  readonly part: string;
}

const wordsOf = ({ name }: AskedFunction): string => inWords(name);
const often = (rate: string): string => rate.replace(/^rate\((1 )?(.+)\)$/, 'every $2');

/** The entry of the manifest; the rate is as EventBridge has it: `rate(1 day)`. */
export const scheduledText = (asked: AskedFunction, constant: string, rate: string): string =>
  `${member(asked.name)}: {
    stack: 'events',
    description: '${wordsOf(asked)}, ${often(rate)}',
    memoryMb: 512,
    seconds: 900,
    runs: ['${asked.capability}.${constant}'],
    rights: [],
    on: {
      schedule: {
        id: '${pascal(asked.name)}Schedule',
        name: '${asked.name}',
        description: '${wordsOf(asked)}, ${often(rate)}',
        expression: '${rate}',
      },
    },
  }`;

/** A run that counts itself. */
export const scheduleText = (asked: AskedFunction, constant: string, rate: string): string =>
  `import type { Logger, Metrics } from '#shared/runtime/logger.ts';

export interface ${sentence(constant)}Parts {
  readonly today: () => string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** ${sentence(often(rate))}: counts that it ran, and says for which local date. */
export const ${constant}Schedule =
  ({ today, logger, metrics }: ${sentence(constant)}Parts): (() => Promise<void>) =>
  async () => {
    metrics.count('own.${asked.name}.ran');
    logger.info('${asked.name}.ran', { day: today() });
  };
`;

/** A reader that counts the facts of a family as they come. */
export const readerText = (asked: AskedFunction, constant: string, family: string): string =>
  `import { oneByOne, type TakeChanges } from '#shared/edge/changes.ts';
import { readFact } from '#shared/profile/store/items.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { factPrefix } from '#shared/table/keys.ts';

/** Stream of the profile table: facts that came are counted, each once for its first subject. */
export const ${constant}Reader = ({ metrics }: { readonly metrics: Metrics }): TakeChanges =>
  oneByOne(async ({ key, before, after }) => {
    if (before !== undefined || after === undefined || !key.sk.startsWith(factPrefix('${family}'))) return;
    const { fact, sequence } = readFact(after);
    if (sequence !== undefined) metrics.count('own.${asked.name}', { type: fact.type });
  });
`;
