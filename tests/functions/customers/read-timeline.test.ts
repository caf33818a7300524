import { describe, expect, it } from 'vitest';
import { readTimeline, type TimelineQuery } from '#functions/customers/read-timeline.ts';
import { fullView, ownFields, viewOf } from '#shared/access/field-matrix.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import {
  agreed,
  bill,
  called,
  dark,
  entityOf,
  granted,
  minute,
  opened,
  payment,
  person,
  point,
  registered,
  sent,
  tell,
} from '#tests/functions/told-household.ts';
import { giveRoles } from '#tests/support/many-roles.ts';
import { ownTimeOf } from '#tests/support/own-time.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const everything: TimelineQuery = { families: [], from: undefined, to: undefined, limit: 100, before: undefined };
const timeline = (system: ProfileSystem, customer: string, query: Partial<TimelineQuery> = {}, view = fullView) =>
  readTimeline(system, ownTimeOf(system.profile, customer), { ...everything, ...query }, view, true);
/** Instants told, newest first, of one family or all. */
const times = async (system: ProfileSystem, customer: string, query: Partial<TimelineQuery> = {}) =>
  (await timeline(system, customer, query)).data.map((entry) => entry.occurredAt);

const shared = async (anaTo: string | undefined, benFrom: string) => {
  const system = await openProfileSystem();
  const results = await tell(
    system,
    person('ana'),
    person('ben'),
    opened,
    registered,
    point,
    granted('ana', 'holder', '2025-01-01', anaTo),
    granted('ben', 'holder', benFrom),
    agreed(),
  );
  const [ana = '', ben = ''] = results.map(entityOf);
  return { system, ana, ben };
};
const noon = (date: string): string => `${date}T12:00:00.000Z`;

describe('the timeline of a customer', () => {
  it('shows of an account and its premise what happened within the days of their role, and no more', async () => {
    const { system, ana, ben } = await shared('2026-03-01', '2026-03-01');
    await tell(
      system,
      bill('b0', '2024-12-31T23:59:59.999Z', 1),
      bill('b1', '2026-02-28T23:59:59.999Z', 2),
      dark('o1', noon('2026-02-15')),
      bill('b2', '2026-03-01T00:00:00.000Z', 3),
      dark('o2', noon('2026-03-15')),
    );
    const families: FamilyName[] = ['billing', 'outage'];
    expect(await times(system, ana, { families })).toEqual(['2026-02-28T23:59:59.999Z', noon('2026-02-15')]);
    expect(await times(system, ben, { families })).toEqual([noon('2026-03-15'), '2026-03-01T00:00:00.000Z']);
  });

  it('tells what is told late of a time to those whose time it was, and to nobody else', async () => {
    const { system, ana, ben } = await shared('2026-03-01', '2026-03-01');
    const late = (event: string, issuedOn: string) => {
      const sentLate = bill(event, noon('2026-04-01'), 7);
      return { ...sentLate, data: { ...sentLate.data, issuedOn, dueOn: '2026-05-01' } };
    };
    const results = await tell(system, late('of ana', '2026-02-28'), late('of ben', '2026-03-01'));
    const [first, second] = results.map((one) => ('factId' in one ? one.factId : ''));
    const ids = async (customer: string) =>
      (await timeline(system, customer, { families: ['billing'] })).data.map(({ id }) => id);
    expect([await ids(ana), await ids(ben)]).toEqual([[first], [second]]);
  });

  it('says that accounts are left out where there are more than it can be made of', async () => {
    const system = await openProfileSystem();
    const [ana = ''] = (await tell(system, person('ana'))).map(entityOf);
    const lettings = Array.from({ length: 25 }, (_, n) => ({ n, from: '2025-01-01' }));
    await giveRoles(system, ana, lettings.slice(0, 24));
    expect((await timeline(system, ana)).omitted).toBeUndefined();
    await giveRoles(system, ana, lettings);
    expect((await timeline(system, ana)).omitted).toEqual(['accounts and premises beyond the first 25 records']);
  });

  it('looks at so many facts for a page, says where it ended, and skips and doubles none', async () => {
    const { system, ana } = await shared('2026-03-01', '2026-03-01');
    await tell(system, bill('b1', noon('2026-02-15'), 5), called('i1', noon('2026-02-20')));
    const others = Array.from({ length: 1_050 }, (_, n) => payment(`p${n}`, minute(60_000 + n), 1));
    for (let from = 0; from < others.length; from += 100) await tell(system, ...others.slice(from, from + 100));
    const first = await timeline(system, ana, { families: ['billing', 'interactions'], limit: 10 });
    expect([first.data, typeof first.next]).toEqual([[], 'string']);
    const rest = await timeline(system, ana, {
      families: ['billing', 'interactions'],
      limit: 10,
      before: first.next ?? undefined,
    });
    expect(rest.data.map(({ type }) => type)).toEqual(['contact.interaction.logged.v1', 'billing.bill.issued.v1']);
    expect(rest.next).toBeNull();
  });

  it('is in the order of what happened, newest first, whatever partition it lies in, each fact once', async () => {
    const { system, ana } = await shared(undefined, '2026-03-01');
    await tell(
      system,
      bill('b1', minute(1), 5),
      called('i1', minute(2)),
      dark('o1', minute(3)),
      payment('p1', minute(4), 5),
    );
    const { data, next } = await timeline(system, ana);
    const orders = data.map((entry) => entry.occurredAt);
    expect(orders).toEqual(orders.toSorted().reverse());
    expect(new Set(data.map((entry) => entry.id)).size).toBe(data.length);
    expect(data.slice(0, 4).map((entry) => entry.type)).toEqual([
      'billing.payment.received.v1',
      'service.outage.reported.v1',
      'contact.interaction.logged.v1',
      'billing.bill.issued.v1',
    ]);
    expect(next).toBeNull();
  });

  it('is the same page by page as at once, though more happens meanwhile', async () => {
    const { system, ana } = await shared(undefined, '2026-03-01');
    await tell(
      system,
      ...Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? bill(`b${n}`, minute(n), 5) : called(`i${n}`, minute(n)))),
    );
    const whole = (await timeline(system, ana)).data.map((entry) => entry.id);
    for (const limit of [1, 3, 7]) {
      const pages: string[] = [];
      let before: string | undefined;
      do {
        const page = await timeline(system, ana, { limit, before });
        expect(page.data.length).toBeLessThanOrEqual(limit);
        pages.push(...page.data.map((entry) => entry.id));
        before = page.next ?? undefined;
        await tell(system, called(`new-${limit}-${pages.length}`, minute(1000 + pages.length)));
      } while (before !== undefined);
      expect(pages.filter((id) => whole.includes(id))).toEqual(whole);
    }
  });

  it('shows only the families and the time that were asked for', async () => {
    const { system, ana } = await shared(undefined, '2026-03-01');
    await tell(system, ...[1, 2, 3, 4].map((n) => bill(`b${n}`, minute(n), 5)), called('i1', minute(2)));
    expect(await times(system, ana, { families: ['interactions'] })).toEqual([minute(2)]);
    expect(await times(system, ana, { families: ['billing'], from: minute(2), to: minute(4) })).toEqual([
      minute(3),
      minute(2),
    ]);
  });

  it('shows what was retracted with a mark, and no supply of a neighbour at the same premise', async () => {
    const { system, ana } = await shared(undefined, '2026-03-01');
    const neighbour = sent('acc2', 'account.account.opened.v1', minute(0), {
      currency: 'GBP',
      references: [{ namespace: 'billing', value: '999' }],
    });
    const theirs = sent('agr2', 'account.agreement.started.v1', minute(1), {
      account: { namespace: 'billing', value: '999' },
      servicePoint: { namespace: 'mpan', value: '1900012345678' },
      tariff: 'SECRET',
      from: '2026-01-01',
    });
    const [, , paid] = await tell(system, neighbour, theirs, payment('p1', minute(2), 5));
    const factId = paid !== undefined && 'factId' in paid ? paid.factId : '';
    await tell(system, sent('x1', 'billing.payment.retracted.v1', minute(3), { factId, reason: 'Twice.' }));
    const { data } = await timeline(system, ana);
    expect(data.filter((entry) => entry.retracted === true).map((entry) => entry.id)).toEqual([factId]);
    expect(JSON.stringify(data)).not.toContain('SECRET');
  });

  it('hides from a reader what their fields do not show, and says so', async () => {
    const { system, ana } = await shared(undefined, '2026-03-01');
    await tell(system, bill('b1', minute(1), 8423));
    const field = viewOf([{ name: 'shown', internal: 'shown' }]);
    const [hidden, own] = [
      await timeline(system, ana, { families: ['billing', 'identity'] }, field),
      await timeline(system, ana, { families: ['billing', 'identity'] }, viewOf([ownFields])),
    ];
    expect(JSON.stringify(hidden.data)).not.toMatch(/8423|Okafor/);
    expect(JSON.stringify(own.data)).toMatch(/8423.*Okafor/);
    expect(hidden.masked?.length).toBeGreaterThan(0);
  });

  it('marks for staff what is kept and changes nothing, and tells the customer nothing of that', async () => {
    const { system, ana } = await shared(undefined, '2026-03-01');
    const lit = (event: string, at: string) =>
      sent(event, 'service.outage.restored.v1', at, { outage: mintedId('outage', factIdOf('field', 'o1')) });
    await tell(system, dark('o1', minute(1)), lit('l1', minute(2)), lit('l2', minute(3)));
    const seenBy = async (isOwner: boolean) => {
      const query = { ...everything, families: ['outage' as const] };
      const { data } = await readTimeline(system, ownTimeOf(system.profile, ana), query, fullView, isOwner);
      return data.map(({ occurredAt, effect = 'some' }) => [occurredAt, effect]);
    };
    expect(await seenBy(false)).toEqual([
      [minute(3), 'none'],
      [minute(2), 'some'],
      [minute(1), 'some'],
    ]);
    expect((await seenBy(true)).map(([, effect]) => effect)).toEqual(['some', 'some', 'some']);
  });
});
