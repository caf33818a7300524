import { expect, it } from 'vitest';
import { claimRegister, dependentsOf, relyOnRegister } from '#functions/imports/store/imported-registers.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { importedRegisterKey } from '#shared/table/keys.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';

const place = { meter: mintedId('meter', 'm1'), register: 'E1' };
const never = async (): Promise<boolean> => false;

it('a register may be relied on by any number of imports, and what says who tells it does not grow with them', async () => {
  const store = await openLevelStore();
  const profile = store.table('profile');
  const [holder, ...others] = Array.from({ length: 1200 }, (_, n) => mintedId('import', `file ${n}`));
  await claimRegister(profile, place, { id: holder ?? '', stint: 1 }, never);
  const key = importedRegisterKey(place.meter, place.register);
  const before = await profile.get(key, { consistent: true });
  for (const other of [...others, ...others.slice(0, 5)]) await relyOnRegister(profile, place, other);
  expect(await profile.get(key, { consistent: true })).toEqual(before);
  const found: string[] = [];
  for await (const one of dependentsOf(profile, place)) found.push(one);
  expect(found.sort()).toEqual([...others].sort());
  await store.close();
});

it('imports that were noted in the item of the register are known still, also once it is claimed again', async () => {
  const store = await openLevelStore();
  const profile = store.table('profile');
  const [earlier, holder, later] = ['earlier', 'holder', 'later'].map((name) => mintedId('import', name));
  const key = importedRegisterKey(place.meter, place.register);
  const noted = { ...key, version: 1, holder: holder ?? '', stint: 1, dependents: [earlier ?? ''] };
  await profile.commit([{ put: noted }]);
  await claimRegister(profile, place, { id: holder ?? '', stint: 2 }, never);
  await relyOnRegister(profile, place, later ?? '');
  const found: string[] = [];
  for await (const one of dependentsOf(profile, place)) found.push(one);
  expect(found.sort()).toEqual([earlier, later].sort());
  await store.close();
});
