import { Command } from 'commander';
import { type Measurement, missedOf, takeAll } from './measurement.ts';
import { measurements, named } from './measurements.ts';
import { machineNow, reportJson, reportText } from './report.ts';

/** `npm run bench`: takes the figures, goal beside figure; ends with 1 where a goal is missed, 2 where it was called wrongly. */

const command = new Command('npm run bench --')
  .description('Measures what Rotunda promises: exact counts against their goals, and times that are reported only.')
  .argument('[names...]', `which: ${measurements.map(({ name }) => name).join(', ')}; g1 takes g1a and g1b`)
  .option('--json', 'one JSON document')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .showHelpAfterError();

const run = async (): Promise<number> => {
  command.parse();
  const json = command.opts<{ readonly json?: boolean }>().json === true;
  const { chosen, unknown } = named(command.args);
  if (unknown.length > 0) {
    const known = measurements.map(({ name }) => name).join(', ');
    process.stderr.write(`no measurement is named ${unknown.join(', ')}; there are ${known}\n`);
    return 2;
  }
  const announce = ({ name, title }: Measurement): void => {
    process.stderr.write(`measuring ${name}: ${title}\n`);
  };
  const outcomes = await takeAll(chosen, announce);
  const machine = machineNow();
  process.stdout.write(`${json ? reportJson(machine, outcomes) : `\n${reportText(machine, outcomes)}`}\n`);
  return missedOf(outcomes).length === 0 ? 0 : 1;
};

run().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
