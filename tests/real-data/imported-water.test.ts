import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCsv } from '#functions/imports/rules/csv/read-csv.ts';
import { readMeterTasks } from '#functions/validation/store/meter-tasks.ts';
import { mappingOf } from '#tests/support/csv-mappings.ts';
import { type Brought, type FoundException, ImportingSystem, type Usage } from '#tests/support/importing-system.ts';

const folder = fileURLToPath(new URL('../../../shared/data/water-daiad-alicante/', import.meta.url));
const present = existsSync(`${folder}facts.json`);
if (!present) console.log('skipped: the data set water-daiad-alicante is not beside this checkout');

const codesOf = ({ errors }: Brought): Record<string, number> => {
  const codes: Record<string, number> = {};
  for (const { code } of errors) codes[code] = (codes[code] ?? 0) + 1;
  return codes;
};
const ruleOf = ({ rule, evidence }: FoundException): string => `${rule} ${evidence.fault ?? ''}`.trim();
const counted = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};
const usersOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(';')[0] ?? ''),
  ),
];

/** What the reader of the file, alone, makes of it: use of each user, in whole units. */
const usedAlone = async (
  bytes: Buffer,
  mapping: ReturnType<typeof mappingOf>,
): Promise<ReadonlyMap<string, number>> => {
  const used = new Map<string, number>();
  const chunks = (async function* () {
    yield bytes;
  })();
  for await (const { block } of readCsv(chunks, mapping)) {
    if (block === undefined) continue;
    const { reference } = block.series;
    const sum = block.intervals.reduce((all, { value }) => all + (value ?? 0), 0) * 10 ** block.powerOfTen;
    used.set(reference, (used.get(reference) ?? 0) + sum);
  }
  return used;
};

/** Usage of all times that are asked for, eleven years at most each. */
const usageOf = async (
  importing: ImportingSystem,
  user: string,
  decades: readonly (readonly [from: string, to: string])[],
): Promise<readonly Usage[]> => {
  const all: Usage[] = [];
  for (const [from, to] of decades) all.push(await importing.usage(`daiad:${user}`, { from, to }));
  return all;
};
const totalOf = (all: readonly Usage[]): number => all.reduce((sum, { total }) => sum + total.value, 0);

const inSystem = async (act: (importing: ImportingSystem) => Promise<void>): Promise<void> => {
  const importing = await ImportingSystem.start();
  try {
    await act(importing);
  } finally {
    await importing.stop();
  }
};

const standing = async (importing: ImportingSystem, user: string): Promise<readonly FoundException[]> =>
  (await Promise.all(['open', 'filled'].map((state) => importing.exceptions(`daiad:${user}`, state)))).flat();

const decades = ['1985', '1995', '2005', '2015'].map(
  (year) => [`${year}-01-01`, `${Number(year) + 10}-01-01`] as const,
);

describe.skipIf(!present)('water registers that are read each quarter, imported into a running system', () => {
  it('are judged by the periods between reads: backward registers are exceptions, use is what they advanced', async () => {
    const bytes = readFileSync(`${folder}quarterly-register-reads.csv`);
    const mapping = mappingOf('alicante-water-quarterly');
    await inSystem(async (importing) => {
      const brought = await importing.bring({ bytes, format: 'csv', mapping });
      expect(brought.state).toBe('done');
      expect(codesOf(brought)).toEqual({ repeated: 88, 'register-went-back': 6, 'register-reset': 9 });
      const { read, sent, byReads, aside } = brought.counts;
      expect(sent).toBe(0);
      expect(byReads + aside).toBe(read);

      const users = usersOf(bytes.toString('utf8'));
      expect(users).toHaveLength(8);
      const alone = await usedAlone(bytes, mapping);
      const found: FoundException[] = [];
      for (const user of users) {
        const all = await usageOf(importing, user, decades);
        expect(totalOf(all)).toBe(alone.get(user));
        // Each day that is known is a share of the period it lies in.
        const codes = new Set(all.flatMap(({ total }) => total.byQuality.map(({ quality }) => quality)));
        expect([...codes].filter((code) => code !== 9)).toEqual([11]);
        found.push(...(await standing(importing, user)));
        const { meterId } = await importing.usage(`daiad:${user}`, { from: '2010-01-01', to: '2010-02-01' });
        const tasks = await readMeterTasks(importing.system.served.system.store.table('readings'), meterId ?? '');
        expect(tasks).toEqual([]);
      }
      const rules = counted(found.map(ruleOf));
      // Those that went back to their end: whether they were set anew the next reads would tell.
      expect(rules['register-backwards backwards']).toBe(6);
      expect(rules['register-backwards reset']).toBe(9);
      // No day is missed of a register that sends none: what is left is use that leapt, and times nobody came to read.
      expect(
        Object.keys(rules).filter((rule) => !/^(register-backwards|high-low|missing-intervals)/.test(rule)),
      ).toEqual([]);
      expect(found.every(({ evidence }) => evidence.by === 'reads')).toBe(true);
      console.log(`alicante, quarterly: ${JSON.stringify(rules)}`);
    });
  }, 300_000);
});

interface RegisterFacts {
  readonly rows: number;
  readonly registerDelta: number;
  readonly registerWentBack: number;
  readonly gapsOver2h: number;
}
const facts = (): Record<string, RegisterFacts> =>
  present ? JSON.parse(readFileSync(`${folder}facts.json`, 'utf8')) : {};

/** Rows of some users of a packed file. */
const rowsOf = (file: string, users: readonly string[]): Buffer => {
  const [head, ...rows] = gunzipSync(readFileSync(`${folder}${file}`))
    .toString('utf8')
    .trim()
    .split('\n');
  return Buffer.from([head, ...rows.filter((row) => users.includes(row.split(';')[0] ?? ''))].join('\n').concat('\n'));
};

describe.skipIf(!present)('water registers that are read about each hour, imported into a running system', () => {
  it('use what they advanced, hour by hour; that they went back and were not read are exceptions', async () => {
    const all = Object.entries(facts());
    const users = [all.find(([, { registerWentBack }]) => registerWentBack > 0), all[0]].flatMap(
      (one) => one?.[0] ?? [],
    );
    const bytes = rowsOf('swm_trialA_part.csv.gz', users);
    await inSystem(async (importing) => {
      const brought = await importing.bring({ bytes, format: 'csv', mapping: mappingOf('alicante-water-registers') });
      expect(brought).toMatchObject({ state: 'done', counts: { sent: 0, aside: 0, byReads: brought.counts.read } });
      const found: FoundException[] = [];
      for (const user of users) {
        const asked = { from: '2016-03-01', to: '2017-03-01' };
        const year = await importing.usage(`daiad:${user}`, asked);
        expect(year.total.value).toBe(facts()[user]?.registerDelta);
        expect(year.total.byQuality.map(({ quality }) => quality).filter((code) => code !== 11 && code !== 9)).toEqual(
          [],
        );
        found.push(...(await standing(importing, user)));
        // The hour that comes twice is two intervals, the one that is skipped none.
        for (const [date, next, hours] of [
          ['2016-10-30', '2016-10-31', 25],
          ['2016-03-27', '2016-03-28', 23],
        ] as const) {
          const day = await importing.usage(`daiad:${user}`, { from: date, to: next, resolution: 'interval' });
          expect(day.data).toHaveLength(hours);
          expect(day.total.missing).toBe(0);
        }
      }
      const rules = counted(found.map(({ rule }) => rule));
      const codes = codesOf(brought);
      expect(rules).toEqual({
        'missing-intervals': codes.hole,
        'register-backwards': codes['register-went-back'],
      });
      console.log(`alicante, hourly: ${JSON.stringify(rules)}`);
    });
  }, 300_000);
});
