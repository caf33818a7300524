import { describe, expect, it } from 'vitest';
import { readTimeline } from '#functions/customers/read-timeline.ts';
import { fieldMatrix, fullView, viewOf } from '#shared/access/field-matrix.ts';
import { crm, entityOf, minute, person, sent, tell } from '#tests/functions/told-household.ts';
import { ownTimeOf } from '#tests/support/own-time.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';

const everything = { families: [], from: undefined, to: undefined, limit: 100, before: undefined };

const told = async () => {
  const system = await openProfileSystem();
  const point = sent('p1', 'customer.contact-point.added.v1', minute(1), {
    customer: crm('ana'),
    kind: 'phone',
    value: '01632 960123',
    preferred: true,
  });
  const [ana = '', pointId = ''] = (await tell(system, person('ana'), point)).map(entityOf);
  await tell(
    system,
    sent('p2', 'customer.contact-point.changed.v1', minute(3), {
      customer: crm('ana'),
      point: pointId,
      value: '01632 960124',
    }),
    // Came last, and happened before the number was changed.
    sent('p3', 'customer.contact-point.verified.v1', minute(2), {
      customer: crm('ana'),
      point: pointId,
      method: 'code',
    }),
    sent('n1', 'customer.profile.corrected.v1', minute(4), { customer: crm('ana'), name: { family: 'Lind' } }),
    sent('n2', 'customer.profile.corrected.v1', minute(5), { customer: crm('ana'), name: { family: 'Wrong' } }, 'crm'),
  );
  const changes = async (view = fullView) =>
    (await readTimeline(system, ownTimeOf(system.profile, ana), everything, view, true)).data.map(
      ({ type, changes: all }) => [type, all],
    );
  return { system, ana, pointId, changes };
};

describe('the timeline of a customer', () => {
  it('says of each change what was before and after, in the order in which things happened', async () => {
    const { pointId, changes } = await told();
    const at = (member: string) => `contact.points[${pointId}].${member}`;
    expect(await changes()).toEqual([
      // A word that loses by the policy changes nothing.
      ['customer.profile.corrected.v1', undefined],
      ['customer.profile.corrected.v1', [{ field: 'customer.name', before: 'ana Okafor', after: 'Lind' }]],
      [
        'customer.contact-point.changed.v1',
        [
          { field: at('value'), before: '01632 960123', after: '01632 960124' },
          { field: at('verified'), before: true, after: null },
        ],
      ],
      ['customer.contact-point.verified.v1', [{ field: at('verified'), before: null, after: true }]],
      [
        'customer.contact-point.added.v1',
        [
          { field: at('value'), before: null, after: '01632 960123' },
          { field: at('preferred'), before: null, after: true },
        ],
      ],
      [
        'customer.profile.registered.v1',
        [
          { field: 'customer.name', before: null, after: 'ana Okafor' },
          { field: 'customer.kind', before: null, after: 'person' },
        ],
      ],
    ]);
  });

  it('leaves the values of classes out that a role may not see, and says so', async () => {
    const { system, ana } = await told();
    const answer = await readTimeline(
      system,
      ownTimeOf(system.profile, ana),
      everything,
      viewOf([fieldMatrix.field]),
      false,
    );
    expect(JSON.stringify(answer.data)).not.toMatch(/01632|Lind|Okafor/);
    expect(answer.masked).toEqual(
      expect.arrayContaining(['data[].changes[].before', 'data[].changes[].after', 'data[].data.name']),
    );
    expect(answer.data.map(({ type }) => type)).not.toContain('customer.contact-point.added.v1');
    const corrected = answer.data.filter(({ type }) => type === 'customer.profile.corrected.v1');
    const renamed = corrected.find(({ changes }) => changes !== undefined);
    expect(renamed?.changes).toEqual([{ field: 'customer.name' }]);
    expect(renamed?.source).toEqual({ system: 'billing', actor: 'machine:billing' });
  });

  it('shows no change of a fact that was taken back', async () => {
    const { system, changes, ana } = await told();
    const renamed = (await readTimeline(system, ownTimeOf(system.profile, ana), everything, fullView, false)).data[1];
    await tell(
      system,
      sent('r1', 'customer.profile.retracted.v1', minute(6), { factId: renamed?.id, reason: 'typing error' }),
    );
    expect((await changes()).slice(0, 3)).toEqual([
      ['customer.profile.retracted.v1', undefined],
      ['customer.profile.corrected.v1', undefined],
      ['customer.profile.corrected.v1', undefined],
    ]);
  });
});
