import { type Command, InvalidArgumentError, Option } from 'commander';
import { blockCodecs } from '#functions/readings/contract/usage-block.ts';
import { connectedCommand } from './command.ts';
import type { FeedOptions } from './feed/feed-file.ts';
import { fileUnits } from './feed/units.ts';
import type { Terminal } from './terminal.ts';

const wholeNumber = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
};
const decimalPlaces = (text: string): number => {
  if (!/^\d$/.test(text)) throw new InvalidArgumentError('must be 0 to 9');
  return Number(text);
};
const share = (text: string): number => {
  const value = Number(text);
  if (!(text.trim() !== '' && value >= 0 && value <= 1)) throw new InvalidArgumentError('must be from 0 to 1');
  return value;
};
const lengths = { s: 1, m: 60, h: 3600 } as const;
const intervalLength = (text: string): number => {
  const match = /^(\d{1,5})([smh]?)$/.exec(text);
  const unit = match?.[2] === 'm' || match?.[2] === 'h' ? match[2] : 's';
  const seconds = Number(match?.[1] ?? 0) * lengths[unit];
  if (seconds < 60 || seconds > 86_400) throw new InvalidArgumentError('must be 60 to 86400 seconds, e.g. 1800 or 30m');
  return seconds;
};

/** `rotunda feed`: real meter data through real meters. */
export const feedCommand = (terminal: Terminal): Command =>
  connectedCommand('feed', 'send a file of meter data through its meters: each connects with its own certificate')
    .argument('<file>', 'CSV file with a header, .gz or not')
    .addOption(new Option('--format <format>', 'layout of the file').choices(['interval-csv']).default('interval-csv'))
    .requiredOption('--meter-column <name>', 'column that names the meter')
    .requiredOption('--time-column <name>', 'column of the time, ISO date and time')
    .requiredOption('--value-column <name>', 'column of the value')
    .addOption(new Option('--unit <unit>', 'unit of the values').choices(Object.keys(fileUnits)).makeOptionMandatory())
    .option('--utc-offset <offset>', 'fixed offset of the times, e.g. +10:00')
    .option('--zone <zone>', 'IANA zone of the times, e.g. Australia/Sydney')
    .addOption(
      new Option('--stamp <end>', 'end of the interval that a time marks').choices(['start', 'end']).default('start'),
    )
    .option('--interval <length>', 'length of an interval, e.g. 1800 or 30m (else seen from the file)', intervalLength)
    .option('--decimals <n>', 'decimals kept, the rest rounded half-even (else all are kept)', decimalPlaces)
    .option('--create-missing', 'make unknown meters, with service point, premise, account, customer and agreement')
    .addOption(new Option('--order <order>', 'order of sending').choices(['file', 'shuffled']).default('file'))
    .option('--duplicate <share>', 'share of the messages sent twice', share, 0)
    .option('--seed <n>', 'seed of shuffling and repeating', wholeNumber, 1)
    .addOption(new Option('--codec <codec>', 'form of the messages').choices(Object.keys(blockCodecs)).default('json'))
    .option('--data <folder>', 'where the meters keep their keys and certificates', '.rotunda')
    .action(async (path: string, options: FeedOptions) => {
      // The device SDK is loaded by this command alone.
      const { feedFile } = await import('./feed/feed-file.ts');
      await feedFile(path, options, terminal);
    });
