import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SeriesBlock } from '#functions/imports/rules/interval-series.ts';
import { readUnit } from '#functions/imports/rules/measured-units.ts';
import { readNem } from '#functions/imports/rules/nem/read-nem.ts';
import { hear, inPieces } from '#tests/support/source-events.ts';

const folder = fileURLToPath(new URL('../../../shared/data/nem12-nem13/', import.meta.url));
const present = existsSync(`${folder}facts.json`);
if (!present) console.log('skipped: the data set nem12-nem13 is not beside this checkout');

interface FileFacts {
  readonly quality: Readonly<Record<string, number>>;
  readonly records: Readonly<Record<string, number>>;
  readonly sum: Readonly<Record<string, number>>;
}

const factsOf = (): Record<string, FileFacts> =>
  present ? JSON.parse(readFileSync(`${folder}facts.json`, 'utf8')) : {};
const versionOf = (file: string) => (file.includes('NEM13') ? 'NEM13' : 'NEM12');
const read = (file: string) => hear(readNem(inPieces(readFileSync(`${folder}${file}`), 1000), versionOf(file)));

const counted = (texts: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
};

/** Flags of days and of 400 records, without the method, as the facts count them. */
const flagsOf = (blocks: readonly SeriesBlock[]): Record<string, number> =>
  counted(
    blocks.flatMap(({ marks }) =>
      marks.flatMap(({ record, flag }) =>
        record === '300' ? [flag.slice(0, 1)] : record === '400' ? [`400:${flag.slice(0, 1)}`] : [],
      ),
    ),
  );

const codesOfBrokenDay = ['wrong-interval-count', 'unknown-record', 'unknown-record', 'no-day', 'no-day', 'no-day'];

describe.skipIf(!present)('meter data files of the Australian market', () => {
  const facts = Object.entries(factsOf());
  const valid = facts.filter(([file]) => !file.startsWith('invalid/'));
  const checked = { files: 0, sums: 0, days: 0, reads: 0, flags: 0 };

  it.each(valid)('%s is read whole: sums, days and quality', async (file, expected) => {
    const { blocks, errors, series } = await read(file);
    // One file has a day broken over three lines: it is left out with what belongs to it, and the facts do not count it either.
    const broken = expected.records.shortRow ?? 0;
    expect(errors.map(({ code }) => code)).toEqual(broken === 0 ? [] : codesOfBrokenDay);
    for (const [key, sum] of Object.entries(expected.sum)) {
      const [reference, register, unit] = key.startsWith('250|') ? [...key.split('|').slice(1), 'kWh'] : key.split('|');
      const found = series.find((one) => one.reference === reference && one.register === register);
      const written = readUnit(unit ?? '');
      expect(found?.unit, key).toBe(written?.unit);
      expect(Number(found?.sum) / 10 ** (written?.shift ?? 0), key).toBeCloseTo(sum, 6);
      checked.sums += 1;
    }
    expect(series).toHaveLength(Object.keys(expected.sum).length);
    const [days, reads] = [expected.records['300'] ?? 0, expected.records['250'] ?? 0];
    expect(blocks).toHaveLength(days + reads - broken);
    if (broken === 0) expect(flagsOf(blocks)).toEqual(expected.quality);
    checked.files += 1;
    checked.days += days - broken;
    checked.reads += reads;
    checked.flags += Object.values(expected.quality).reduce((sum, count) => sum + count, 0);
  });

  it('says how much was held against the facts', () => {
    console.log(`nem12-nem13: ${JSON.stringify(checked)}`);
    expect(checked.files).toBe(valid.length);
    expect(readdirSync(`${folder}nem12`).length + readdirSync(`${folder}nem13`).length).toBeLessThan(checked.files);
  });

  it.each([
    ['Example_NEM12_15min_200_30min_300.csv', 0, ['3 wrong-interval-count', '4 no-day', '5 no-day']],
    ['Example_NEM12_30min_200_15min_400.csv', 0, ['3 wrong-interval-count', '4 no-day', '5 no-day']],
    ['Example_NEM12_empty.csv', 0, ['2 no-data']],
    ['Example_empty_file.csv', 0, ['1 empty-file']],
    ['Example_NEM12_incomplete_interval.csv', 3, ['3 no-values']],
    [
      'Example_NEM12_powercor.csv',
      2,
      ['2 no-header', '8 after-end', '9 after-end', '10 after-end', '11 after-end', '12 after-end'],
    ],
  ])('invalid/%s gives %i days, and the lines that were not taken', async (file, days, expected) => {
    const { blocks, errors } = await read(`invalid/${file}`);
    expect(blocks).toHaveLength(days);
    expect(errors.map(({ line, code }) => `${line} ${code}`)).toEqual(expected);
    for (const { message } of errors) expect(message.length).toBeGreaterThan(10);
  });

  it('of what was repaired counts the good days alone: three of four, and the first of two files in one', async () => {
    const sums = async (file: string): Promise<Record<string, string>> =>
      Object.fromEntries((await read(`invalid/${file}`)).series.map(({ register, sum }) => [register, sum]));
    const facts = factsOf();
    const incomplete = facts['invalid/Example_NEM12_incomplete_interval.csv']?.sum ?? {};
    expect(await sums('Example_NEM12_incomplete_interval.csv')).toEqual({
      E1: String((incomplete['VABD000163|E1|kWh'] ?? 0) * 1000),
      Q1: String((incomplete['VABD000163|Q1|kVArh'] ?? 0) * 1000),
    });
    const twice = facts['invalid/Example_NEM12_powercor.csv']?.sum ?? {};
    expect(await sums('Example_NEM12_powercor.csv')).toEqual({
      E1: String((twice['VABD000163|E1|KWH'] ?? 0) * 500),
      Q1: String((twice['VABD000163|Q1|KVARH'] ?? 0) * 500),
    });
  });

  it('names every file of the folder of invalid ones', () => {
    expect(readdirSync(`${folder}invalid`).sort()).toEqual([
      'Example_NEM12_15min_200_30min_300.csv',
      'Example_NEM12_30min_200_15min_400.csv',
      'Example_NEM12_empty.csv',
      'Example_NEM12_incomplete_interval.csv',
      'Example_NEM12_powercor.csv',
      'Example_empty_file.csv',
    ]);
  });
});
