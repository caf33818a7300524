import { describe, expect, it } from 'vitest';
import { advanceImport } from '#functions/imports/advance-import.ts';
import { writeNem12 } from '#functions/imports/rules/write/nem12.ts';
import { storedIntervals } from '#functions/imports/rules/write/stored-intervals.ts';
import { readRuns } from '#functions/readings/store/readings.ts';
import { ImportGround, marketRegister, type NemDay, nem12, sameAllDay } from '#tests/support/import-ground.ts';

/** How values came about, as NEM12 says it by a flag and a method that one code of ESPI does not tell apart. */

const nmi = '6102345678';
const days: readonly NemDay[] = [
  { date: '20260105', values: sameAllDay(1) },
  { date: '20260106', values: sameAllDay(2), quality: 'E52' },
  { date: '20260107', values: sameAllDay(3), quality: 'S14' },
  { date: '20260108', values: sameAllDay(4), quality: 'F' },
];
const mixed = [
  `300,20260109,${sameAllDay(5).join(',')},V,,,20260101000000,`,
  '400,1,10,A,,',
  '400,11,20,E52,,',
  '400,21,30,S14,,',
  '400,31,40,F55,,',
  '400,41,48,N,,',
].join('\n');
const fileOf = (...all: readonly NemDay[]): string => nem12([{ nmi, suffix: 'E1', days: all }]);
const whole = fileOf(...days).replace('\n900\n', `\n${mixed}\n900\n`);

const opened = async () => {
  const at = await ImportGround.open();
  const register = { ...marketRegister, id: 'E1' };
  return { at, register, meter: await at.meter('m', [register], nmi) };
};
type Opened = Awaited<ReturnType<typeof opened>>;

const brought = async ({ at }: Opened, text: string) => {
  const { counts } = await at.run({ text });
  await at.bring();
  return counts;
};

/** The stored readings written as a file again. */
const written = async ({ at, register, meter }: Opened): Promise<string> => {
  const runs = await readRuns(at.ground.readings, meter, 'E1', 0, 4_000_000_000);
  const ranges = [{ from: 0, to: Number.POSITIVE_INFINITY }];
  const intervals = storedIntervals([{ ranges, factor: 1, runs }]);
  const streams = [{ servicePoint: nmi, register, suffix: 'E1', intervals }];
  let text = '';
  for await (const piece of writeNem12({ created: 1_775_000_000, from: 'ROTUNDA', to: 'CUSTOMER', streams }))
    text += piece;
  return text;
};
/** Flags with methods by day, and those of the 400 records behind it. */
const flagsOf = (text: string): readonly string[] =>
  text.split(/\r?\n/).flatMap((line) => {
    const fields = line.split(',');
    if (fields[0] === '300') return [`${fields[1]} ${fields[50]}`];
    return fields[0] === '400' ? [`${fields[1]}-${fields[2]} ${fields[3]}`] : [];
  });

describe('a NEM12 file of estimates', () => {
  it('comes out as it went in: import, export, import', async () => {
    const [first, second] = [await opened(), await opened()];
    expect(await brought(first, whole)).toMatchObject({ sent: 4 * 48 + 40, errors: 0 });
    const text = await written(first);
    expect(flagsOf(text)).toEqual([
      '20260105 A',
      '20260106 E52',
      '20260107 S14',
      '20260108 F',
      '20260109 V',
      '1-10 A',
      '11-20 E52',
      '21-30 S14',
      '31-40 F55',
      '41-48 N',
    ]);
    expect(await brought(second, text)).toMatchObject({ sent: 4 * 48 + 40, errors: 0 });
    expect(await written(second)).toBe(text);
    expect(await second.at.values()).toEqual(await first.at.values());
  });

  it('says nothing new a second time, and something new where the method is another', async () => {
    const known = await opened();
    const [, estimated] = days as [NemDay, NemDay, NemDay, NemDay];
    await brought(known, whole);
    expect(await brought(known, `${whole}\n`)).toMatchObject({ sent: 0, unchanged: 4 * 48 + 40 });
    expect(await brought(known, fileOf({ ...estimated, quality: 'S14' }))).toMatchObject({ sent: 48 });
    expect(flagsOf(await written(known))).toContain('20260106 S14');
    expect(await brought(known, fileOf({ ...estimated, quality: 'E52' }))).toMatchObject({ sent: 48 });
    expect(flagsOf(await written(known))).toContain('20260106 E52');
  });

  it('is taken back whole', async () => {
    const { at, ...rest } = await opened();
    const id = (await at.run({ text: whole })).id;
    await at.bring();
    await at.askUndo(id);

    await advanceImport(at.parts, id);
    expect(await readRuns(at.ground.readings, rest.meter, 'E1', 0, 4_000_000_000)).toEqual([]);
  });
});
