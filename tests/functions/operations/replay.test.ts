import { describe, expect, it } from 'vitest';
import { digestProfile } from '#functions/operations/store/digest.ts';
import { vocabularyItems } from '#functions/search/store/search.ts';
import { readPlaceEvents } from '#functions/validation/store/place-events.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { factIdKey, headKey, sectionKey, servicePointKey, stateKey, subjectPartition } from '#shared/table/keys.ts';
import type { Item, Key } from '#shared/table/table.ts';
import { sent } from '#tests/support/meters/shared-households.ts';
import { machine } from '#tests/support/profile-system.ts';
import { type OperatorGround, openGround, replayed } from './operator-ground.ts';

const at = '2026-01-05T08:00:00.000Z';
const named = (namespace: string, value: string) => ({ namespace, value });

/** A person's record with a phone, an account and a home with a meter point. */
const household = (name: string) => [
  sent(`reg-${name}`, 'customer.profile.registered.v1', at, {
    kind: 'person',
    name: { given: name, family: 'Okafor' },
    references: [named('crm', name)],
  }),
  sent(`tel-${name}`, 'customer.contact-point.added.v1', '2026-01-05T08:00:01.000Z', {
    customer: named('crm', name),
    kind: 'email',
    value: `${name}@example.com`,
  }),
  sent(`prm-${name}`, 'premise.premise.registered.v1', at, {
    address: { lines: [`${name} Quay Street`], postcode: 'ZZ1 4QS', country: 'GB' },
    references: [named('uprn', name)],
  }),
  sent(`svp-${name}`, 'premise.service-point.registered.v1', '2026-01-05T08:00:01.000Z', {
    premise: named('uprn', name),
    commodity: 'electricity',
    zone: 'Europe/London',
    references: [named('mpan', name)],
  }),
  sent(`acc-${name}`, 'account.account.opened.v1', at, { currency: 'GBP', references: [named('billing', name)] }),
  sent(`rol-${name}`, 'account.role.granted.v1', '2026-01-05T08:00:02.000Z', {
    account: named('billing', name),
    customer: named('crm', name),
    role: 'holder',
    from: '2026-01-05',
  }),
  sent(`agr-${name}`, 'account.agreement.started.v1', '2026-01-05T08:00:03.000Z', {
    account: named('billing', name),
    servicePoint: named('mpan', name),
    tariff: 'T1',
    from: '2026-01-05',
  }),
];
/** What each household's seven facts make: customer, premise, account. */
const subjectsOfOne = 3;

const submitted = async ({ system }: OperatorGround, fact: unknown) => {
  const [result] = await system.submit([fact], machine);
  if (result === undefined || !('fact' in result)) throw new Error(JSON.stringify(result));
  return result.fact;
};

/** A utility that knows these households; their customers' ids by name. */
const utilityOf = async (...names: readonly string[]) => {
  const ground = await openGround();
  const ids = new Map<string, string>();
  for (const name of names) {
    for (const fact of household(name)) {
      const kept = await submitted(ground, fact);
      if (fact.type === 'customer.profile.registered.v1') ids.set(name, kept.subjects[0] ?? '');
    }
  }
  await ground.system.settle();
  const idOf = (name: string): string => ids.get(name) ?? '';
  return { ground, idOf };
};

const mergeOf = (survivor: string, alias: string) =>
  sent(`merge-${alias}`, 'customer.identity.merged.v1', at, { survivor, alias, reason: 'One person.' });
const undoingOf = (merge: string | undefined) =>
  sent(`undo-${merge}`, 'customer.identity.unmerged.v1', at, { merge, reason: 'Two after all.' });

/** What the table holds, without what replays keep of themselves. */
const itemsOf = async ({ system }: OperatorGround): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for await (const item of system.store.scan('profile')) if (!/^(RPL#|REPLAY$)/.test(item.pk)) items.push(item);
  return items;
};
const byKey = (items: readonly Item[]) => new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]));

const replay = async (ground: OperatorGround, dryRun = false) => replayed(ground, { dryRun });

const digest = async ({ system }: OperatorGround) => digestProfile(system.store.scan('profile'), system.sealer);

const without = async ({ system }: OperatorGround, ...keys: readonly Key[]): Promise<void> => {
  for (const key of keys) {
    expect(await system.profile.get(key, { consistent: true }), `${key.pk} ${key.sk}`).toBeDefined();
    await system.profile.commit([{ remove: key }]);
  }
};

/** Ana's two records are one; Ben's were one and are two again; of Cleo's the merge was only marked. */
const threeStories = async () => {
  const { ground, idOf } = await utilityOf('ana', 'anna', 'ben', 'benny', 'cleo', 'chloe');
  await submitted(ground, mergeOf(idOf('ana'), idOf('anna')));
  const { entity } = await submitted(ground, mergeOf(idOf('ben'), idOf('benny')));
  await ground.system.settle();
  await submitted(ground, undoingOf(entity));
  await ground.system.settle();
  return { ground, idOf };
};

describe('a replay of a utility', () => {
  it('that knows homes with meter points answers, and writes nothing where all is right', async () => {
    const { ground } = await utilityOf('ana');
    const before = byKey(await itemsOf(ground));
    expect(await replay(ground)).toMatchObject({
      state: 'done',
      subjects: subjectsOfOne,
      changed: 0,
      published: 0,
      failed: 0,
    });
    expect(byKey(await itemsOf(ground))).toEqual(before);
  });

  it('with records that were merged, and that were parted again, writes nothing where all is right', async () => {
    const { ground } = await threeStories();
    const before = byKey(await itemsOf(ground));
    expect(await replay(ground)).toMatchObject({
      state: 'done',
      subjects: 6 * subjectsOfOne,
      changed: 0,
      published: 0,
      failed: 0,
    });
    expect(byKey(await itemsOf(ground))).toEqual(before);
  });

  it('ends merges and undoings that nobody goes on with, to what they come to by themselves', async () => {
    const [left, calm] = [await threeStories(), await threeStories()];
    for (const { ground, idOf } of [left, calm]) await submitted(ground, mergeOf(idOf('cleo'), idOf('chloe')));
    await calm.ground.system.settle();
    expect(await digest(left.ground)).not.toEqual(await digest(calm.ground));
    const before = byKey(await itemsOf(left.ground));
    // Both of Cleo's records are under way.
    expect((await replay(left.ground, true)).changed).toBe(2);
    expect(byKey(await itemsOf(left.ground))).toEqual(before);
    expect((await replay(left.ground)).changed).toBeGreaterThan(0);
    expect(await digest(left.ground)).toEqual(await digest(calm.ground));
    const { profile } = left.ground.system;
    for (const name of ['cleo', 'chloe'])
      expect(await profile.get(headKey(left.idOf(name)), { consistent: true })).not.toHaveProperty('rebuilding');
    expect((await replay(left.ground)).changed).toBe(0);
  });

  it('brings back what a merged record, its accounts and homes have lost', async () => {
    const { ground, idOf } = await threeStories();
    const before = byKey(await itemsOf(ground));
    const survivor = idOf('ana');
    const digests = await readAll(ground.system.profile, {
      pk: subjectPartition(survivor),
      prefix: 'VIEW#5#',
      consistent: true,
    });
    expect(digests.length).toBeGreaterThan(2);
    const names = [...before.values()].filter(
      ({ pk, id, premise }) =>
        (pk.startsWith('REF#customer') && id === survivor) || (pk.startsWith('SVP#') && premise !== undefined),
    );
    const found = [...before.values()].filter(({ pk, sk }) => pk.startsWith('SRC') && sk.endsWith(survivor));
    expect([names.length, found.length]).toEqual([7, expect.any(Number)]);
    await without(
      ground,
      stateKey(survivor, 'contact'),
      stateKey(survivor, 'roles'),
      sectionKey(survivor, 1),
      ...[...digests, ...names, ...found].map(({ pk, sk }) => ({ pk, sk })),
    );
    const lost = byKey(await itemsOf(ground));
    const { changed } = await replay(ground, true);
    expect(changed).toBeGreaterThan(2);
    expect(byKey(await itemsOf(ground))).toEqual(lost);
    expect((await replay(ground)).changed).toBe(changed);
    const after = byKey(await itemsOf(ground));
    for (const [key, item] of before)
      if (!key.endsWith(' HEAD') || !/^(CUS|ACC|PRM)/.test(key)) expect(after.get(key)).toEqual(item);
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    expect((await replay(ground)).changed).toBe(0);
  });

  it('takes away what lies with an alias, and what a wrong state gave rise to; a name that another holds stays theirs', async () => {
    const { ground, idOf } = await threeStories();
    const { profile } = ground.system;
    const before = byKey(await itemsOf(ground));
    const wrong = await profile.get(stateKey(idOf('ben'), 'identity'), { consistent: true });
    if (wrong === undefined) throw new Error('every customer has an identity');
    await profile.commit([
      { put: { ...wrong, ...stateKey(idOf('anna'), 'identity') } },
      { put: { ...wrong, ...stateKey(idOf('benny'), 'identity') } },
    ]);
    for (const dryRun of [true, false]) expect((await replay(ground, dryRun)).changed).toBe(2);
    const after = byKey(await itemsOf(ground));
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [key, item] of before) if (!key.endsWith(' HEAD')) expect(after.get(key)).toEqual(item);
  });
});

describe('outages and meter events that were told before judging knew of any', () => {
  it('are known to it after a replay, as they stand, and a second one finds nothing to do', async () => {
    const { ground } = await utilityOf('ana');
    const reference = named('field', 'street-dark');
    const { subjects } = await submitted(
      ground,
      sent('out', 'service.outage.reported.v1', '2026-02-01T10:00:00.000Z', {
        premise: named('uprn', 'ana'),
        references: [reference],
      }),
    );
    await submitted(
      ground,
      sent('back', 'service.outage.restored.v1', '2026-02-01T12:00:00.000Z', {
        outage: reference,
        restoredAt: '2026-02-01T12:00:00.000Z',
      }),
    );
    const told = ['tamper', 'clock'].map((event, n) =>
      sent(event, 'metering.event.recorded.v1', `2026-02-0${n + 2}T10:00:00.000Z`, {
        servicePoint: named('mpan', 'ana'),
        meter: mintedId('meter', 'ana'),
        event,
      }),
    );
    const [, clock] = [await submitted(ground, told[0]), await submitted(ground, told[1])];
    await submitted(
      ground,
      sent('no-clock', 'metering.event.retracted.v1', '2026-02-04T10:00:00.000Z', {
        factId: clock.id,
        reason: 'Of another meter.',
      }),
    );
    await ground.system.settle();
    const premise = subjects.find((subject) => subject.startsWith('prm_')) ?? '';
    const readings = ground.system.store.table('readings');
    const known = () => readPlaceEvents(readings, premise, { from: 0, to: Date.parse('2026-03-01') / 1000 });
    expect(await known()).toEqual([]);
    const dry = await replay(ground, true);
    expect(await known()).toEqual([]);
    expect((await replay(ground)).changed).toBe(dry.changed);
    // The outage and the premise whose meter told of itself.
    expect(dry.changed).toBe(2);
    expect(await known()).toMatchObject([
      { is: 'outage', from: Date.parse('2026-02-01T10:00:00Z') / 1000, to: Date.parse('2026-02-01T12:00:00Z') / 1000 },
      { is: 'told', kind: 'tamper', from: Date.parse('2026-02-02T10:00:00Z') / 1000 },
    ]);
    expect((await replay(ground)).changed).toBe(0);
  });
});

describe('a record of older rules', () => {
  it('is folded anew before the next fact is added, whatever names it holds', async () => {
    const { ground } = await utilityOf('ana');
    const { profile } = ground.system;
    const states = (await itemsOf(ground)).filter(({ sk }) => sk.startsWith('STATE#'));
    for (const state of states) await profile.commit([{ put: { ...state, rules: 0 } }]);
    const kept = await submitted(
      ground,
      sent('svp-2', 'premise.service-point.registered.v1', '2026-01-06T08:00:00.000Z', {
        premise: named('uprn', 'ana'),
        commodity: 'gas',
        zone: 'Europe/London',
        references: [named('mprn', 'ana')],
      }),
    );
    expect(await profile.get(factIdKey(kept.id), { consistent: true })).toBeDefined();
    expect(await profile.get(servicePointKey(kept.entity ?? ''), { consistent: true })).toMatchObject({
      premise: kept.subjects[0],
    });
    expect((await replay(ground)).changed).toBe(subjectsOfOne - 1);
    expect((await replay(ground)).changed).toBe(0);
  });
});

describe('search entries that other rules left', () => {
  const says = (...reasons: readonly (readonly [string, string])[]) => ({ says: reasons });

  it('go with a replay, values in keys and words that are none; all that is right stays', async () => {
    const { ground, idOf } = await utilityOf('ana');
    const right = byKey(await itemsOf(ground));
    const customer = idOf('ana');
    await ground.system.profile.batchPut([
      { pk: 'SRC#email#ana@example.com', sk: customer, ...says(['email', 'ana@example.com']) },
      { pk: 'SRN#word#esquire', sk: `name#${customer}`, ...says(['name', 'ana Okafor']) },
      { pk: 'SRN#pair#esquire okafor', sk: `name#${customer}`, ...says(['name', 'ana Okafor']) },
      ...vocabularyItems(['esquire']),
    ]);
    const before = (await itemsOf(ground)).length;
    await replay(ground, true);
    expect((await itemsOf(ground)).length).toBe(before);
    await replay(ground);
    expect(byKey(await itemsOf(ground))).toEqual(right);
  });
});
