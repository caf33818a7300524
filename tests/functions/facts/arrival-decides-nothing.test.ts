import { describe, expect, it } from 'vitest';
import { customerView } from '#functions/customers/show-customer.ts';
import { showMeter } from '#functions/meters/show-meter.ts';
import { listGroundless } from '#functions/operations/list-groundless.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { crm, person, point, putMeter, registered, type Sent, sent, tell } from '#tests/functions/told-household.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

/** Facts that come in one order or another, where what they speak of was taken back or taken away meanwhile. */

const at = '2026-03-01T08:00:00.000Z';
const retracted = (event: string, entity: string, of: string, system: string): Sent =>
  sent(event, `${entity}.retracted.v1`, at, { factId: factIdOf(system, of), reason: 'Entered twice.' }, system);
const thePoint = mintedId('servicePoint', factIdOf('field', 'svp'));

/** A system that was told facts, one after the other. */
const told = async (...facts: readonly Sent[]) => {
  const system = await openProfileSystem();
  const meter = await putMeter(system, 'RT-1');
  for (const fact of facts) await tell(system, fact);
  return { system, meter, parts: { ...system, readings: system.store.table('readings') } };
};

describe('a meter that is told of at a service point', () => {
  const meter = mintedId('meter', 'RT-1');
  const installed = (
    event: string,
    servicePoint: string,
    more: Partial<Sent & { sourceSequence: number }> = {},
  ): Sent => ({
    ...sent(event, 'metering.meter.installed.v1', at, { servicePoint, meter, from: at }, 'field'),
    ...more,
  });

  it('measures nothing there whether it came before the point was taken back or after', async () => {
    const [there, gone] = [installed('ins', thePoint), retracted('void', 'premise.service-point', 'svp', 'field')];
    const answers = [];
    for (const order of [
      [there, gone],
      [gone, there],
    ]) {
      const { system, parts } = await told(registered, point, ...order);
      const { installations } = await showMeter(parts, meter);
      answers.push(installations.map(({ servicePointId }) => servicePointId));
      await system.store.close();
    }
    expect(answers).toEqual([[], []]);
  });

  it('at two premises for one instant measures the one that its source said last, by sequence', async () => {
    const away: Sent[] = [
      { ...registered, sourceEventId: 'prm2', data: { address: { lines: ['2 Row'], country: 'GB' } } },
      sent(
        'svp2',
        point.type,
        point.occurredAt,
        { premise: mintedId('premise', factIdOf('field', 'prm2')), commodity: 'electricity', zone: 'UTC' },
        'field',
      ),
    ];
    const other = mintedId('servicePoint', factIdOf('field', 'svp2'));
    for (const [last, first] of [
      [thePoint, other],
      [other, thePoint],
    ]) {
      const both = [
        installed('first', first ?? '', { sourceSequence: 1 }),
        installed('last', last ?? '', { sourceSequence: 2 }),
      ];
      for (const order of [both, both.toReversed()]) {
        const { system, parts } = await told(registered, point, ...away, ...order);
        const { installations } = await showMeter(parts, meter);
        expect(installations.map(({ servicePointId }) => servicePointId)).toEqual([last]);
        await system.store.close();
      }
    }
  });
});

describe('a change of a contact point to a value that cannot be right', () => {
  const added = sent('cpt', 'customer.contact-point.added.v1', '2026-02-01T08:00:00.000Z', {
    customer: crm('ana'),
    kind: 'email',
    value: 'ana@example.com',
  });
  const points = { customer: crm('ana'), point: mintedId('contactPoint', factIdOf('billing', 'cpt')) };
  const wrong = sent('chg', 'customer.contact-point.changed.v1', '2026-02-02T08:00:00.000Z', {
    ...points,
    value: 'nobody',
  });
  const away = sent('rem', 'customer.contact-point.removed.v1', '2026-02-03T08:00:00.000Z', points);
  const back = retracted('void', 'customer.contact-point', 'rem', 'billing');

  it('is told as rejected also where the point was away as it came, and stands for nothing once that is taken back', async () => {
    for (const order of [
      [wrong, away, back],
      [away, wrong, back],
      [away, back, wrong],
    ]) {
      const { system } = await told(person('ana'), added, ...order);
      const id = mintedId('customer', factIdOf('billing', 'cus-ana'));
      const { states } = await loadSubject(system.profile, id);
      const { contactPoints } = customerView(id, states, [], '2026-11-24');
      expect(contactPoints.map(({ value }) => value)).toEqual(['ana@example.com']);
      await system.store.close();
    }
  });

  it('is named with its type in the list of what changes nothing, as soon as it is kept', async () => {
    const { system } = await told(person('ana'), added, away);
    await system.submit([{ ...wrong, occurredAt: '2026-02-04T08:00:00.000Z' }], machine);
    const { answer } = await listGroundless(system.profile, { limit: 10 }, undefined, () => false);
    expect(answer.records.flatMap(({ latest }) => latest.map(({ type }) => type))).toEqual([wrong.type]);
    await system.store.close();
  });
});
