import assert from 'node:assert/strict';
import { eventually } from '#tests/support/eventually.ts';
import { askImport, askUndo, errorsOfImport, halfHourFile, type Import, lookAtImport, putFile } from './importing.ts';
import { readUsage, type SeenUsage } from './usage.ts';
import type { StoryStep, StoryWorld } from './world.ts';

const dates = ['2026-01-14', '2026-01-15', '2026-01-16'];
const whole = { from: '2026-01-14', to: '2026-01-17', resolution: 'interval' } as const;
/** Place of the half-hour of the second day that the file has no number for, and its line: the header is the first. */
const spoilt = 20;
const spoiltLine = 2 + 48 + spoilt;
const isSpoilt = (day: number, index: number): boolean => day === 1 && index === spoilt;
const valueAt = (index: number): number => 100 + index;

/** A file of meter data: handed in by whoever has it, read without another call, and taken back. */
export const fileSteps = (world: StoryWorld): readonly StoryStep[] => {
  const { api, patienceMs } = world.ground;
  const file = halfHourFile('carl', dates, (day, index) => (isSpoilt(day, index) ? 'n/a?' : `${valueAt(index)}`));
  const done = (id: string, run: number): Promise<Import> =>
    eventually(
      'the import done',
      patienceMs,
      () => lookAtImport(api, id),
      (one) => one.run >= run && (one.state === 'done' || one.state === 'failed'),
    );
  const seen = () => readUsage(world, world.homeOf('carl').servicePoint, whole);
  return [
    {
      name: 'file-handed-in',
      title: 'a file that is put where the answer says is read without another call; what has no place is kept aside',
      run: async () => {
        const begun = await askImport(api, file, false);
        assert.equal(begun.state, 'new');
        await putFile(begun, file);
        const { state, counts } = await done(begun.id, 1);
        assert.deepEqual([state, counts.read, counts.sent, counts.aside], ['done', 143, 0, 143]);
        const codes = new Set((await errorsOfImport(api, begun.id)).map(({ code }) => code));
        assert.deepEqual([...codes].sort(), ['no-meter', 'not-a-number']);
        world.import = begun.id;
      },
    },
    {
      name: 'file-taken',
      title: 'asked for again with the point to be made known, the same file is one import, and its values are taken',
      run: async () => {
        const { id, upload } = await askImport(api, file, true);
        assert.deepEqual([id, upload], [world.import, undefined]);
        const { state, counts } = await done(id, 2);
        assert.deepEqual([state, counts.read, counts.sent, counts.aside], ['done', 143, 143, 0]);
        assert.deepEqual(await errorsOfImport(api, id), [{ line: spoiltLine, code: 'not-a-number' }]);
      },
    },
    {
      name: 'file-judged',
      title: 'usage shows what the file brought, with an estimate where it had no number, and so does the view',
      run: async () => {
        const usage = await eventually('usage of the file', patienceMs, seen, ({ total }) => total.missing === 0);
        const expected = dates.flatMap((_, day) =>
          Array.from({ length: 48 }, (_, index) => [valueAt(index), isSpoilt(day, index) ? 9 : 0]),
        );
        assert.deepEqual(
          usage.data.map(({ value, quality }) => [value, quality]),
          expected,
        );
        const { customer, servicePoint } = world.homeOf('carl');
        const inView = async () =>
          (await world.see(customer)).usage
            .find(({ servicePointId }) => servicePointId === servicePoint)
            ?.months.find(({ month }) => month === '2026-01')?.value;
        await eventually('usage in the view', patienceMs, inView, (value) => value === usage.total.value);
      },
    },
    {
      name: 'file-again',
      title: 'the same file once more changes nothing',
      run: async () => {
        const again = await askImport(api, file, true);
        assert.deepEqual([again.id, again.state, again.run], [world.import, 'done', 2]);
      },
    },
    {
      name: 'file-taken-back',
      title: 'an import is asked to be taken back',
      run: async () => {
        const { state } = await askUndo(api, world.import ?? '');
        assert.ok(state === 'undoing' || state === 'undone', state);
      },
    },
  ];
};

/** Told later: what the stream may bring twice is waited for before an import is taken back for good. */
export const takenBackStep = (world: StoryWorld): StoryStep => ({
  name: 'file-gone',
  title: 'what was taken back is no usage any more',
  run: async () => {
    const { api, patienceMs } = world.ground;
    const look = () => lookAtImport(api, world.import ?? '');
    await eventually('the import taken back', patienceMs, look, ({ state }) => state === 'undone');
    const seen = () => readUsage(world, world.homeOf('carl').servicePoint, whole);
    const brought = ({ data }: SeenUsage) => data.filter(({ value }) => value !== null);
    await eventually('no usage of the file', patienceMs, seen, (usage) => brought(usage).length === 0);
  },
});
