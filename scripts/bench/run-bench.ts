import { Command, CommanderError } from 'commander';
import { type Measurement, missedOf, takeAll } from './measurement.ts';
import { machineNow, reportJson, reportText } from './report.ts';

/** Where a run writes: its report, and what it is doing meanwhile. */
export interface BenchOutput {
  out(text: string): void;
  note(text: string): void;
}

/** 0 all goals met, 1 one missed or a measurement broke down, 2 called wrongly. */
export type BenchExit = 0 | 1 | 2;

/**
 * The measurements that words name, whole or by their beginning, in any case of letters; where none is given all but those that are
 * taken only by name.
 */
export const named = (
  measurements: readonly Measurement[],
  words: readonly string[],
): { readonly chosen: readonly Measurement[]; readonly unknown: readonly string[] } => {
  const isNamed = ({ name }: Measurement, word: string): boolean => name.startsWith(word.toLowerCase());
  return {
    chosen: measurements.filter((one) =>
      words.length === 0 ? one.onlyByName !== true : words.some((word) => isNamed(one, word)),
    ),
    unknown: words.filter((word) => !measurements.some((one) => isNamed(one, word))),
  };
};

const commandFor = (measurements: readonly Measurement[], { out, note }: BenchOutput): Command =>
  new Command('npm run bench --')
    .description('Measures what Rotunda promises: exact counts against their goals, and times that are reported only.')
    .argument('[names...]', `which: ${measurements.map(({ name }) => name).join(', ')}; g1 takes g1a and g1b`)
    .option('--json', 'one JSON document')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => note(text.trimEnd()) });

/** Takes the measurements that the arguments name, writes the report and gives the exit code. */
export const runBench = async (
  measurements: readonly Measurement[],
  args: readonly string[],
  output: BenchOutput,
): Promise<BenchExit> => {
  const command = commandFor(measurements, output);
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  const { chosen, unknown } = named(measurements, command.args);
  if (unknown.length > 0) {
    const known = measurements.map(({ name }) => name).join(', ');
    output.note(`no measurement is named ${unknown.join(', ')}; there are ${known}`);
    return 2;
  }
  const outcomes = await takeAll(chosen, ({ name, title }) => output.note(`measuring ${name}: ${title}`));
  const report = command.opts<{ readonly json?: boolean }>().json === true ? reportJson : reportText;
  output.out(report(machineNow(), outcomes));
  return missedOf(outcomes).length === 0 ? 0 : 1;
};
