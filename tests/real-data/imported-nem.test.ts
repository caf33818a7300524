import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Brought, ImportingSystem, type StoredReading } from '#tests/support/importing-system.ts';

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

/** Wh or varh of a value of a unit as files spell it. */
const baseOf = (unit: string): number => (unit.toLowerCase().startsWith('k') ? 1000 : 1);

/** A day of a channel as its 300 record tells it, read by nothing of ours. */
interface WrittenDay {
  readonly channel: string;
  readonly start: number;
  readonly seconds: number;
  readonly values: readonly number[];
  readonly flag: string;
}
const daysOf = (text: string): readonly WrittenDay[] => {
  const days: WrittenDay[] = [];
  let [channel, minutes] = ['', 30];
  for (const line of text.split(/\r?\n/)) {
    const cells = line.split(',');
    if (cells[0] === '200') {
      channel = `${cells[1]}|${cells[4]}|${cells[7]}`;
      minutes = Number(cells[8]);
    }
    if (cells[0] !== '300') continue;
    const count = 1440 / minutes;
    const date = `${cells[1]}`.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
    const start = Date.parse(`${date}T00:00:00+10:00`) / 1000;
    const values = cells.slice(2, 2 + count).map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell)));
    days.push({ channel, start, seconds: minutes * 60, values, flag: (cells[2 + count] ?? '').slice(0, 1) });
  }
  return days;
};

interface Imported extends Brought {
  /** What is stored of each channel (`NMI|suffix|unit`), in Wh or varh. */
  readonly channels: ReadonlyMap<string, ReadonlyMap<number, StoredReading>>;
}

/** A file of the data set, as it is handed in. */
const fileOf = (file: string, format: 'nem12' | 'nem13' = 'nem12') => ({
  bytes: readFileSync(`${folder}${file}`),
  format,
});

const inSystem = async <Answer>(act: (importing: ImportingSystem) => Promise<Answer>): Promise<Answer> => {
  const importing = await ImportingSystem.startSmall();
  try {
    return await act(importing);
  } finally {
    await importing.stop();
  }
};

const imported = (file: string, channels: readonly string[]): Promise<Imported> =>
  inSystem(async (importing) => {
    const brought = await importing.bring(fileOf(file));
    const found = new Map<string, ReadonlyMap<number, StoredReading>>();
    for (const channel of channels) {
      const [nmi = '', register = ''] = channel.split('|');
      const asked = { from: '2000-01-01', to: '2010-12-31', register };
      const { meterId, powerOfTen } = await importing
        .usage(`nmi:${nmi}`, asked)
        .catch(() => importing.usage(`nmi:${nmi}`, { ...asked, from: '2015-01-01', to: '2025-12-31' }));
      const stored = await importing.stored(meterId ?? '', register);
      found.set(
        channel,
        new Map([...stored].map(([at, { value, quality }]) => [at, { value: value / 10 ** -powerOfTen, quality }])),
      );
    }
    return { ...brought, channels: found };
  });

const counted = (texts: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
};
const summed = (readings: ReadonlyMap<number, StoredReading> | undefined): number =>
  [...(readings?.values() ?? [])].reduce((sum, { value }) => sum + value, 0);

/** Files of which a part is kept aside, and how that is told. */
const exchanged = ['other-interval'];
const keptAside: Readonly<Record<string, readonly string[]>> = {
  'nem12/NEM12_000000000000005_CNRGYMDP_NEMMCO.csv': exchanged,
  'nem12/NEM12_05090_05031401_WBAYM_NEMMCO.csv': exchanged,
  'nem12/NEM12_SCENARIO505033001_ENERGEXM_NEMMCO.csv': exchanged,
  'nem12/NEM12_SCENARIO5_UNITEDDP_NEMMCO.csv': exchanged,
  'nem12/NEM12_Scenario05_ETSAMDP_NEMMCO.csv': exchanged,
  'unzipped/Example_NEM12_different_interval_length.csv': ['unknown-register'],
};

const valid = Object.entries(factsOf()).filter(([file]) => !file.startsWith('invalid/'));

describe.skipIf(!present)('meter data files of the Australian market, imported into a running system', () => {
  const held = { files: 0, channels: 0, days: 0, intervals: 0, reads: 0, aside: 0 };

  it.each(valid.filter(([, { records }]) => records['300'] !== undefined))(
    '%s: stored with its sums, days and flags',
    async (file, expected) => {
      const broken = expected.records.shortRow ?? 0;
      const days = daysOf(readFileSync(`${folder}${file}`, 'latin1'));
      const measured = Object.entries(expected.sum).filter(([channel]) => !channel.endsWith('|'));
      const { state, counts, errors, channels } = await imported(
        file,
        measured.map(([channel]) => channel),
      );
      expect(state).toBe('done');
      // A register has intervals of one length and one unit: those of a meter that was exchanged, and volts, are kept aside.
      const codes = new Set(errors.map(({ code }) => code));
      if (broken === 0) expect([...codes].filter((code) => code !== 'mark').sort()).toEqual(keptAside[file] ?? []);
      let aside = days
        .filter(({ channel }) => channel.endsWith('|'))
        .reduce((sum, { values }) => sum + values.length, 0);
      for (const [channel, sum] of measured) {
        const unit = channel.split('|')[2] ?? '';
        const stored = channels.get(channel);
        const ofChannel = days.filter(
          (day) => day.channel === channel && day.values.every((value) => !Number.isNaN(value)),
        );
        // What a file says of a day twice counts once, as it was said last.
        const last = new Map(ofChannel.map((day) => [day.start, day]));
        let absent = 0;
        for (const { start, seconds, values, flag } of last.values()) {
          const left =
            flag === 'N' ? [] : values.filter((_, place) => stored?.get(start + place * seconds) === undefined);
          absent += left.reduce((total, value) => total + value, 0);
          if (keptAside[file] !== undefined) aside += left.length;
        }
        if (last.size === ofChannel.length) expect(summed(stored) / baseOf(unit) + absent, channel).toBeCloseTo(sum, 6);
        for (const { start, seconds, values, flag } of last.values()) {
          if (stored?.has(start) !== true && keptAside[file] !== undefined) continue;
          const there = values.map((_, place) => stored?.get(start + place * seconds));
          if (flag === 'N') {
            expect(there.every((one) => one === undefined)).toBe(true);
            continue;
          }
          values.forEach((value, place) => {
            if (there[place] !== undefined) expect(there[place].value / baseOf(unit)).toBeCloseTo(value, 9);
          });
          const codes = there.map((one) => one?.quality);
          if (flag === 'A') expect(new Set(codes), channel).toEqual(new Set([0]));
          if (['E', 'F', 'S'].includes(flag))
            expect(
              codes.every((code) => code !== undefined && code !== 0),
              channel,
            ).toBe(true);
          held.days += 1;
          held.intervals += values.length;
        }
        held.channels += 1;
      }
      expect(counts.aside).toBe(aside);
      const flags = Object.fromEntries(Object.entries(expected.quality).filter(([flag]) => !flag.startsWith('400:')));
      if (broken === 0) expect(counted(days.map(({ flag }) => flag))).toEqual(flags);
      held.files += 1;
    },
    60_000,
  );

  it.each(valid.filter(([, { records }]) => records['250'] !== undefined))(
    '%s: every register read has its place, or a reason',
    async (file, expected) => {
      await inSystem(async (importing) => {
        const { state, counts, errors } = await importing.bring(fileOf(file, 'nem13'));
        expect(state).toBe('done');
        expect(counts.read).toBe(expected.records['250']);
        expect(counts.byReads + counts.aside).toBe(counts.read);
        // What has no dials, only a quantity of months, is kept aside.
        const codes = new Set(errors.map(({ code }) => code));
        expect(codes).toEqual(new Set(counts.aside === 0 ? [] : ['unknown-point', 'longer-than-a-day']));
        held.reads += counts.byReads;
        held.aside += counts.aside;
      });
      held.files += 1;
    },
    60_000,
  );

  it('says how much was held against the facts', () => {
    console.log(`nem12-nem13 through the system: ${JSON.stringify(held)}`);
    expect(held.files).toBe(valid.length);
    expect(held.days).toBeGreaterThan(500);
  });

  it.each([
    ['Example_NEM12_15min_200_30min_300.csv', 0, ['3 wrong-interval-count', '4 no-day', '5 no-day']],
    ['Example_NEM12_30min_200_15min_400.csv', 0, ['3 wrong-interval-count', '4 no-day', '5 no-day']],
    ['Example_NEM12_empty.csv', 0, ['2 no-data']],
    ['Example_NEM12_incomplete_interval.csv', 144, ['3 no-values']],
    [
      'Example_NEM12_powercor.csv',
      96,
      ['2 no-header', '8 after-end', '9 after-end', '10 after-end', '11 after-end', '12 after-end'],
    ],
  ])(
    'invalid/%s stores %i intervals, and tells the others by line and reason',
    async (file, intervals, expected) => {
      await inSystem(async (importing) => {
        const brought = await importing.bring(fileOf(`invalid/${file}`));
        expect(brought).toMatchObject({ state: 'done', counts: { sent: intervals, aside: 0 } });
        expect(brought.errors.map(({ line, code }) => `${line} ${code}`)).toEqual(expected);
        for (const { message } of brought.errors) expect(message.length).toBeGreaterThan(10);
      });
    },
    60_000,
  );

  it('invalid/Example_empty_file.csv is refused before it is handed in', async () => {
    await inSystem(async (importing) => {
      await expect(importing.bring(fileOf('invalid/Example_empty_file.csv'))).rejects.toThrow(/422|\/bytes/);
    });
  }, 60_000);
});
