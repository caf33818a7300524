import { describe, expect, it } from 'vitest';
import { advanceImport } from '#functions/imports/advance-import.ts';
import { forgetImportsOf } from '#functions/imports/forget-imports.ts';
import { listErrors } from '#functions/imports/list-errors.ts';
import { listQuarantine } from '#shared/facts/quarantine.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { ImportGround, nem12, sameAllDay } from '#tests/support/import-ground.ts';

const [theirs, others] = ['6102000001', '6102000002'];
const day = (date: string, value: number) => ({ date, values: sameAllDay(value) });
/** A file of both homes. */
const both = nem12([
  { nmi: theirs, suffix: 'E1', days: [day('20260105', 1)] },
  { nmi: others, suffix: 'E1', days: [day('20260105', 2)] },
]);
const file = (nmi: string, date: string, value: number) => nem12([{ nmi, suffix: 'E1', days: [day(date, value)] }]);

/** Two homes that a file made known. */
const twoHomes = async () => {
  const at = await ImportGround.open();
  const { id } = await at.run({ text: both, createMissing: true });
  const { sealer, profile, clock } = at.ground;
  const point = async (value: string) =>
    (await resolveNamed(profile, 'servicePoint', { namespace: 'nmi', value })) ?? '';
  const parts = { ...at.parts, sealer, clock };
  const january = { from: Date.parse('2026-01-01T00:00:00Z') / 1000, to: Date.parse('2026-02-01T00:00:00Z') / 1000 };
  const forget = async (nmi: string, within = january) =>
    forgetImportsOf(parts, [{ servicePoint: await point(nmi), within: [within] }]);
  return { at, id, forget, point };
};

describe('what imports told of somebody who is erased', () => {
  it('goes with its file and all that was written down of it; readings stay, those of others too', async () => {
    const { at, id, forget } = await twoHomes();
    const before = await at.digest();
    expect(await at.parts.objects.list(`imports/${id}/`)).not.toEqual([]);
    expect(await forget(theirs)).toBe(1);
    expect(await at.parts.objects.list(`imports/${id}/`)).toEqual([]);
    expect(await at.parts.uploads.has(`imports/${id}/file`)).toBe(false);
    expect(await at.digest()).toBe(before);
    expect(await at.import(id)).toMatchObject({ state: 'done', forgottenAt: expect.any(String) });
    expect(await forget(theirs)).toBe(0);
  });

  it('is neither taken back, nor read again, nor handed in again, and its errors are gone', async () => {
    const { at, id, forget } = await twoHomes();
    await forget(theirs);
    const before = await at.digest();
    await expect(at.askUndo(id)).rejects.toMatchObject({ code: 'import.forgotten' });
    await expect(at.start({ text: both, createMissing: true })).rejects.toMatchObject({ code: 'import.forgotten' });
    await expect(
      listErrors(at.parts.objects, await at.import(id), { limit: 10, after: undefined }),
    ).rejects.toMatchObject({
      code: 'import.expired',
    });
    await advanceImport(at.parts, id);
    expect(await at.digest()).toBe(before);
  });

  it('is only what told of their time at the point: the file of another time, and of another point, stay', async () => {
    const { at, id, forget } = await twoHomes();
    const march = await at.run({ text: file(theirs, '20260310', 3) });
    const other = await at.run({ text: file(others, '20260110', 4) });
    expect(march.counts.sent + other.counts.sent).toBe(96);
    expect(await forget(theirs)).toBe(1);
    expect(await at.import(id)).toHaveProperty('forgottenAt');
    for (const kept of [march, other]) {
      expect(await at.import(kept.id)).not.toHaveProperty('forgottenAt');
      expect(await at.parts.uploads.has(`imports/${kept.id}/file`)).toBe(true);
    }
  });

  it('goes of every file that told it, also of those that found it stored and those another took the register over from', async () => {
    const { at, id, forget } = await twoHomes();
    const again = await at.run({ text: both, as: 'another' });
    expect(again.counts).toMatchObject({ sent: 0, unchanged: 96 });
    const corrected = await at.run({ text: file(theirs, '20260105', 9) });
    expect(corrected.counts.sent).toBe(48);
    expect(await forget(theirs)).toBe(3);
    for (const one of [id, again.id, corrected.id]) expect(await at.import(one)).toHaveProperty('forgottenAt');
    expect(await at.parts.objects.list('imports/')).toEqual([]);
  });

  it('goes of the rows that had no place where they name the point, and the rows of others stay', async () => {
    const { at, forget } = await twoHomes();
    const early = nem12([
      { nmi: theirs, suffix: 'E1', days: [day('20260106', 5)] },
      { nmi: theirs, suffix: 'Q1', days: [day('20260106', 5)] },
    ]);
    const unknown = file('6102000009', '20260106', 6);
    const [named, elsewhere] = [await at.run({ text: early }), await at.run({ text: unknown })];
    expect([named.counts.aside, elsewhere.counts.aside]).toEqual([48, 48]);
    const kept = async () =>
      (await listQuarantine(at.ground.profile, { limit: 10 })).entries.map((one) => one.detail.import);
    expect((await kept()).sort()).toEqual([named.id, elsewhere.id].sort());
    expect(await forget(theirs)).toBe(2);
    expect(await kept()).toEqual([elsewhere.id]);
  });

  it('goes of a file of which no row had a place, too, and rows of another time at the meter stay', async () => {
    const { at, forget } = await twoHomes();
    const otherRegister = (date: string) => nem12([{ nmi: theirs, suffix: 'Q1', days: [day(date, 5)] }]);
    const [then, later] = [
      await at.run({ text: otherRegister('20260106') }),
      await at.run({ text: otherRegister('20260310') }),
    ];
    expect([then.counts.sent, then.counts.aside, later.counts.aside]).toEqual([0, 48, 48]);
    expect(await forget(theirs)).toBe(2);
    expect(await at.import(then.id)).toHaveProperty('forgottenAt');
    expect(await at.import(later.id)).not.toHaveProperty('forgottenAt');
    const left = (await listQuarantine(at.ground.profile, { limit: 10 })).entries.map((one) => one.detail.import);
    expect(left).toEqual([later.id]);
  });

  it('goes where the import is under way, which then ends; what it had stored stays', async () => {
    const { at, forget } = await twoHomes();
    const id = await at.start({ text: file(theirs, '20260107', 7) });
    let looks = 0;
    await advanceImport(at.parts, id, () => {
      looks += 1;
      return looks > 2;
    });
    expect(['reading', 'settling']).toContain((await at.import(id)).state);
    expect(await forget(theirs)).toBe(2);
    await advanceImport(at.parts, id);
    expect(await at.import(id)).toMatchObject({ state: 'failed', failure: 'import.forgotten' });
    expect(await at.parts.objects.list(`imports/${id}/`)).toEqual([]);
    expect(await at.parts.uploads.has(`imports/${id}/file`)).toBe(false);
  });
});
