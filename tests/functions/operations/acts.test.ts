import { describe, expect, it } from 'vitest';
import { unhurried } from '#functions/operations/step.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { aside, inSteps, opened, openGround, payment, replayed } from './operator-ground.ts';

const everything = { dryRun: false };

describe('a redrive', () => {
  it('hands in what was given up first, then tries quarantine and what waits', async () => {
    const [batches, letters] = [aside(3, new Set([1])), aside(2)];
    const ground = await openGround([batches, letters]);
    await ground.keepAside('fact.future', opened('a1'));
    await ground.keepAside('fact.invalid', { ...opened('a2'), data: { currency: 'pounds' } });
    await ground.tell(payment('p1'));
    const step = await ground.acts.redrive(everything, undefined, unhurried);
    expect(step).toEqual({ answer: { tried: 8, placed: 5, left: 3 } });
    expect([batches.left, letters.left]).toEqual([[1], []]);
    const after = await ground.acts.quarantine({ limit: 10 }, undefined, unhurried);
    expect(after.answer.reasons.toSorted((a, b) => (a.reason < b.reason ? -1 : 1))).toEqual([
      { reason: 'fact.invalid', count: 1 },
      { reason: 'reference.unknown', count: 1 },
    ]);
  });

  it('comes to the same in steps of one piece, and tells how far it is', async () => {
    const ground = await openGround([aside(3, new Set([1])), aside(2)]);
    await ground.keepAside('fact.future', opened('a1'));
    await ground.keepAside('fact.invalid', { ...opened('a2'), data: { currency: 'pounds' } });
    await ground.tell(payment('p1'));
    const answers = await inSteps((from, isOver) => ground.acts.redrive(everything, from, isOver));
    expect(answers.at(-1)).toEqual({ tried: 8, placed: 5, left: 3 });
    const tried = answers.map((answer) => answer.tried);
    expect(tried).toEqual(tried.toSorted((a, b) => a - b));
    expect(answers.length).toBeGreaterThan(6);
  });

  it('tries once what it has kept aside anew itself', async () => {
    const ground = await openGround();
    // As a door that knew less kept it; it now lacks its account and waits for it.
    await ground.keepAside('fact.future', payment('p1'));
    const { answer } = await ground.acts.redrive(everything, undefined, unhurried);
    expect(answer).toEqual({ tried: 1, placed: 0, left: 1 });
    expect((await ground.acts.quarantine({ limit: 5 }, undefined, unhurried)).answer.reasons).toEqual([
      { reason: 'reference.unknown', count: 1 },
    ]);
  });

  it('of a reason or of one entry leaves everything else alone', async () => {
    const given = aside(2);
    const ground = await openGround([given]);
    const future = await ground.keepAside('fact.future', opened('a1'));
    const other = await ground.keepAside('fact.future', opened('a3'));
    await ground.keepAside('fact.invalid', { ...opened('a2'), data: { currency: 'pounds' } });
    const one = await ground.acts.redrive({ dryRun: false, id: other }, undefined, unhurried);
    expect(one.answer).toEqual({ tried: 1, placed: 1, left: 0 });
    const rest = await ground.acts.redrive({ dryRun: false, reason: 'fact.future' }, undefined, unhurried);
    expect(rest.answer).toEqual({ tried: 1, placed: 1, left: 0 });
    expect(given.left).toHaveLength(2);
    await expect(ground.acts.redrive({ dryRun: false, id: future }, undefined, unhurried)).rejects.toMatchObject({
      kind: 'not-found',
    });
  });

  it('that is a dry run counts, and tries nothing', async () => {
    const given = aside(2);
    const ground = await openGround([given]);
    await ground.keepAside('fact.future', opened('a1'));
    const { answer } = await ground.acts.redrive({ dryRun: true }, undefined, unhurried);
    expect(answer).toEqual({ tried: 3, placed: 0, left: 3 });
    expect(given.left).toHaveLength(2);
  });
});

describe('a redrive by the functions of a stage', () => {
  const kept = { 'fact.future': opened('a1'), 'fact.invalid': { ...opened('a2'), data: { currency: 'pounds' } } };
  const openKept = async (...setAside: readonly ReturnType<typeof aside>[]) => {
    const ground = await openGround(setAside);
    for (const reason of ['fact.future', 'fact.invalid'] as const) await ground.keepAside(reason, kept[reason]);
    return ground;
  };

  it('comes by the one after the other to what one machine comes to, in steps of one piece', async () => {
    const whole = await openKept(aside(3, new Set([1])), aside(2));
    expect((await whole.acts.redrive(everything, undefined, unhurried)).answer).toEqual({
      tried: 7,
      placed: 5,
      left: 2,
    });
    const [batches, letters] = [aside(3, new Set([1])), aside(2)];
    const { at } = await openKept(batches, letters);
    const parked = await inSteps((from, isOver) => at['operations-parked'].redrive(everything, from, isOver));
    expect(parked.at(-1)).toEqual({ tried: 5, placed: 4, left: 1 });
    expect(parked.length).toBeGreaterThan(4);
    expect([batches.left, letters.left]).toEqual([[1], []]);
    const rest = await inSteps((from, isOver) => at.operations.redrive(everything, from, isOver));
    expect(rest.at(-1)).toEqual({ tried: 2, placed: 1, left: 1 });
  });

  it('tries nothing that was given up where a reason or an entry is named, and only counts it in a dry run', async () => {
    const given = aside(2);
    const { at } = await openKept(given);
    const parked = at['operations-parked'];
    for (const named of [{ reason: 'fact.future' as const }, { id: 'qar_1' }])
      expect(await parked.redrive({ dryRun: false, ...named }, undefined, unhurried)).toEqual({
        answer: { tried: 0, placed: 0, left: 0 },
      });
    expect(await parked.redrive({ dryRun: true }, undefined, unhurried)).toEqual({
      answer: { tried: 2, placed: 0, left: 2 },
    });
    expect(given.left).toHaveLength(2);
  });
});

describe('the list of what is kept aside', () => {
  it('holds the newest entries and counts all, in one step or in many', async () => {
    const ground = await openGround();
    const ids: string[] = [];
    for (const n of [1, 2, 3, 4]) {
      ground.system.clock.set(`2026-11-24T12:00:0${n}.000Z`);
      ids.push(await ground.keepAside('fact.future', opened(`a${n}`)));
    }
    await ground.tell(payment('p1'));
    const whole = (await ground.acts.quarantine({ limit: 2, reason: 'fact.future' }, undefined, unhurried)).answer;
    expect(whole).toMatchObject({ total: 4, reasons: [{ reason: 'fact.future', count: 4 }] });
    expect(whole.entries.map(({ id }) => id)).toEqual([ids[3], ids[2]]);
    const input = { limit: 2, reason: 'fact.future' as const };
    const answers = await inSteps((from, isOver) => ground.acts.quarantine(input, from, isOver));
    expect(answers.at(-1)).toEqual(whole);
    expect(answers.length).toBeGreaterThan(4);
  });
});

describe('the list of what is kept and changes nothing', () => {
  const restored = (event: string, outage: string) => ({
    ...opened(event),
    type: 'service.outage.restored.v1',
    source: { system: 'field' },
    data: { outage },
  });

  it('counts by family, names the records with most and the facts, in one step or in many', async () => {
    const ground = await openGround();
    const [premise, first, second] = [
      mintedId('premise', factIdOf('field', 'p1')),
      mintedId('outage', factIdOf('field', 'o1')),
      mintedId('outage', factIdOf('field', 'o2')),
    ];
    const place = {
      ...opened('p1'),
      type: 'premise.premise.registered.v1',
      source: { system: 'field' },
      data: { address: { lines: ['1 Quay Street'], country: 'GB' } },
    };
    const dark = (event: string) => ({
      ...opened(event),
      type: 'service.outage.reported.v1',
      source: { system: 'field' },
      data: { premise, planned: true },
    });
    await ground.tell(place, dark('o1'), dark('o2'));
    expect((await ground.acts.groundless({ limit: 5 }, undefined, unhurried)).answer).toEqual({
      total: 0,
      families: [],
      records: [],
    });
    // Service comes back once; the second and third word of it change nothing.
    await ground.tell(...['r1', 'r2', 'r3'].map((event) => restored(event, first)), restored('r4', second));
    const whole = (await ground.acts.groundless({ limit: 1 }, undefined, unhurried)).answer;
    expect(whole).toMatchObject({ total: 4, families: [{ family: 'outage', count: 4 }] });
    expect(whole.records).toHaveLength(1);
    expect(whole.records[0]?.count).toBe(2);
    expect(whole.records[0]?.latest.map(({ type }) => type)).toEqual(Array(2).fill('service.outage.restored.v1'));
    const answers = await inSteps((from, isOver) => ground.acts.groundless({ limit: 1 }, from, isOver));
    expect(answers.at(-1)).toEqual(whole);
    const others = (await ground.acts.groundless({ limit: 1, family: 'billing' }, undefined, unhurried)).answer;
    expect(others.total).toBe(0);
  });

  it('are not asked for by a family that there is not', async () => {
    const ground = await openGround();
    await expect(ground.acts.groundless({ limit: 1, family: 'bills' }, undefined, unhurried)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'query.invalid',
    });
  });
});

describe('a replay', () => {
  it('folds every subject anew and names how many came out otherwise', async () => {
    const ground = await openGround();
    for (const event of ['a1', 'a2']) await ground.tell(opened(event));
    await ground.tell(opened('a3', 'EUR'));
    expect(await replayed(ground)).toMatchObject({ subjects: 3, changed: 0, published: 0 });
    const { profile } = ground.system;
    const states = (await profile.scan({ consistent: true })).items.filter(({ sk }) => sk === 'STATE#account');
    const euros = states.find((item) => JSON.stringify(item).includes('EUR'));
    const pounds = states.find((item) => item !== euros);
    if (euros === undefined || pounds === undefined) throw new Error('each account has a state');
    await profile.commit([{ put: { ...euros, pk: pounds.pk } }]);
    expect(await replayed(ground)).toMatchObject({ subjects: 3, changed: 1, published: 0 });
    expect(await profile.get(pounds, { consistent: true })).toEqual(pounds);
  });

  it('of events publishes each fact received in the range once, marked as replay', async () => {
    const ground = await openGround();
    for (const n of [1, 2, 3]) {
      ground.system.clock.set(`2026-11-24T12:0${n}:00.000Z`);
      await ground.tell(opened(`a${n}`));
    }
    const range = { events: true, from: '2026-11-24T12:02:00Z', to: '2026-11-24T12:03:00Z' };
    const dry = await replayed(ground, { ...range, dryRun: true });
    expect([dry.published, ground.published.length]).toEqual([1, 0]);
    expect(await replayed(ground, range)).toMatchObject({ subjects: 0, changed: 0, published: 1 });
    expect(ground.published).toMatchObject([
      { source: 'rotunda.account', detailType: 'account.account.opened.v1', detail: { metadata: { replay: true } } },
    ]);
  });
});

describe('a digest', () => {
  it('is the same in one step and in many, and for any order of receipt', async () => {
    const [one, other] = [await openGround(), await openGround()];
    const facts = ['a1', 'a2', 'a3'].map((event) => opened(event));
    for (const fact of facts) await one.tell(fact);
    for (const fact of facts.toReversed()) await other.tell(fact);
    const whole = (await one.acts.digest({}, undefined, unhurried)).answer;
    expect(whole.digests.map(({ table }) => table)).toEqual(['profile', 'readings']);
    expect(whole.digests[0]?.items).toBeGreaterThan(3);
    expect((await inSteps((from, isOver) => one.acts.digest({}, from, isOver))).at(-1)).toEqual(whole);
    expect((await other.acts.digest({}, undefined, unhurried)).answer).toEqual(whole);
    await other.tell(opened('a4'));
    expect((await other.acts.digest({}, undefined, unhurried)).answer).not.toEqual(whole);
  });

  it('goes on from no place but one of its own', async () => {
    const { acts } = await openGround();
    for (const from of ['x', Buffer.from('{"subjects":1}').toString('base64url')])
      await expect(acts.digest({}, from, unhurried)).rejects.toMatchObject({ code: 'cursor.invalid' });
  });
});
