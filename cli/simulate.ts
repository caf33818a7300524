import { type Command, InvalidArgumentError, Option } from 'commander';
import { blockCodecs } from '#functions/readings/contract/usage-block.ts';
import { connectedCommand } from './command.ts';
import type { SimulateOptions } from './feed/simulate-fleet.ts';
import type { Terminal } from './terminal.ts';

/** As in `iot/faulty-line.ts`, which is loaded with the device SDK. */
const faultNames = ['dup', 'late', 'reorder', 'skew'] as const;
type FaultName = (typeof faultNames)[number];

const count =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d{1,9}$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}`);
    return value;
  };

const speed = (text: string): number => {
  const match = /^(\d{1,5}(?:\.\d)?)x?$/.exec(text);
  const value = Number(match?.[1] ?? 0);
  if (value < 1 || value > 3600) throw new InvalidArgumentError('must be from 1x to 3600x');
  return value;
};

const minutes = (text: string): number => {
  const match = /^(\d{1,5})([mh])$/.exec(text);
  const value = Number(match?.[1] ?? 0) * (match?.[2] === 'h' ? 60 : 1);
  if (value < 10 || value > 1440) throw new InvalidArgumentError('must be from 10m to 24h');
  return value;
};

const faultList = (text: string): ReadonlySet<FaultName> => {
  const names = text.split(',').filter((name) => name !== '');
  const known = faultNames.filter((name) => names.includes(name));
  if (known.length !== new Set(names).size)
    throw new InvalidArgumentError(`must be some of ${faultNames.join(', ')}, with commas`);
  return new Set(known);
};

/** `rotunda simulate`: a fleet of live meters, with faults, and an account of what was lost. */
export const simulateCommand = (terminal: Terminal): Command =>
  connectedCommand('simulate', 'run a fleet of live meters against the system; prints rate, acknowledged and lost')
    .option('--meters <n>', 'number of meters', count(1, 1000), 10)
    .option('--speed <factor>', 'how many times as fast as real time, e.g. 60x', speed, 60)
    .option('--for <time>', 'stretch of story time that ends now, e.g. 1h', minutes, 60)
    .addOption(
      new Option('--faults <list>', `faults of meters and network: ${faultNames.join(', ')}`)
        .argParser(faultList)
        .default(new Set<FaultName>(), 'none'),
    )
    .addOption(new Option('--codec <codec>', 'form of the messages').choices(Object.keys(blockCodecs)).default('json'))
    .option('--seed <n>', 'seed of the faults', count(0, 999_999_999), 1)
    .option('--data <folder>', 'where the meters keep their keys and certificates', '.rotunda')
    .action(async (options: SimulateOptions) => {
      // The device SDK is loaded by this command alone.
      const { simulateFleet } = await import('./feed/simulate-fleet.ts');
      await simulateFleet(options, terminal);
    });
