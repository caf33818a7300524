import { describe, expect, it } from 'vitest';
import {
  idempotencyWrite,
  laterAnswer,
  ownerOfAnswer,
  replay,
  sealedIdempotencyWrite,
} from '#shared/facts/idempotency.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';

const [customer, account, premise, outage] = ['cus', 'acc', 'prm', 'out'].map(
  (kind) => `${kind}_01J00000000000000000000001`,
);
const asked = { key: 'k', requestHash: 'hash-of-what-was-asked' };
const answer = { status: 201, body: { name: 'Greta Marker' }, version: 3, location: '/v1/customers/x' };

const ground = async () => {
  const store = await openLevelStore();
  const clock = new StoryClock('2026-03-01T00:00:00.000Z');
  const sealer = createSealer({ keys: store.table('keys'), master: memoryMasterKey(), clock });
  const profile = store.table('profile');
  const kept = async (): Promise<string> => {
    const all: string[] = [];
    for await (const item of store.scan('profile')) all.push(JSON.stringify(item));
    return all.join('\n');
  };
  return { sealer, profile, clock, kept, again: () => replay(profile, 'staff:a', asked, clock.now(), sealer) };
};

describe('an answer kept for a repeat', () => {
  it('is sealed with what was asked under the key of whom it is about, and given again as it was', async () => {
    const { sealer, profile, clock, kept, again } = await ground();
    const owner = ownerOfAnswer([outage ?? '', account ?? '', customer ?? '']);
    expect(owner).toBe(customer);
    await profile.commit([await sealedIdempotencyWrite({ sealer, owner }, 'staff:a', asked, answer, clock.now())]);
    expect(await kept()).not.toMatch(/Greta|hash-of-what/);
    expect(await again()).toEqual(answer);
    await expect(
      replay(profile, 'staff:a', { ...asked, requestHash: 'other' }, clock.now(), sealer),
    ).rejects.toMatchObject({
      code: 'idempotency.mismatch',
    });
  });

  it('is gone with that key, and a repeat is told so rather than done again', async () => {
    const { sealer, profile, clock, again } = await ground();
    const seal = { sealer, owner: customer };
    await profile.commit([await sealedIdempotencyWrite(seal, 'staff:a', asked, answer, clock.now())]);
    await profile.commit([await laterAnswer(seal, 'staff:a', asked, { ...answer, status: 200 }, clock.now())]);
    expect(await again()).toMatchObject({ status: 200, body: { name: 'Greta Marker' } });
    await sealer.erase(customer ?? '');
    await expect(again()).rejects.toMatchObject({ kind: 'conflict', code: 'idempotency.erased' });
    clock.set('2026-03-03T00:00:00.000Z');
    expect(await again()).toBeUndefined();
  });

  it('about a place or an account is under their key, and about nobody as it is', async () => {
    expect(ownerOfAnswer([outage ?? '', premise ?? ''])).toBe(premise);
    expect(ownerOfAnswer([premise ?? '', account ?? ''])).toBe(account);
    expect(ownerOfAnswer([outage ?? ''])).toBeUndefined();
    const { sealer, profile, clock, again } = await ground();
    const meter = { status: 201, body: { id: 'mtr' } };
    await profile.commit([idempotencyWrite('staff:a', asked, meter, clock.now())]);
    expect(await again()).toEqual(meter);
    const other = { ...asked, key: 'other' };
    await profile.commit([
      await sealedIdempotencyWrite({ sealer, owner: undefined }, 'staff:a', other, meter, clock.now()),
    ]);
    expect(await replay(profile, 'staff:a', other, clock.now())).toEqual(meter);
  });

  it('does not open where it was moved to another request', async () => {
    const { sealer, profile, clock, again } = await ground();
    const write = await sealedIdempotencyWrite({ sealer, owner: customer }, 'staff:b', asked, answer, clock.now());
    const mine = idempotencyWrite('staff:a', asked, answer, clock.now());
    const { pk, sk } = 'put' in mine ? mine.put : { pk: '', sk: '' };
    await profile.commit([{ put: { ...write.put, pk, sk } }]);
    await expect(again()).rejects.toThrow();
  });
});
