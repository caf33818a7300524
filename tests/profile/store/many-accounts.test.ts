import { describe, expect, it } from 'vitest';
import { listAccounts } from '#functions/customers/list-accounts.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

const today = '2026-11-24';
const named = (value: string) => ({ namespace: 'billing', value });
const fact = (type: string, event: string, second: number, data: object) => ({
  type,
  source: { system: 'billing' },
  sourceEventId: event,
  occurredAt: new Date(Date.UTC(2026, 0, 5, 8, 0, second)).toISOString(),
  data,
});

describe('a customer with roles on 220 accounts', { timeout: 120_000 }, () => {
  it('loses none: the view shows the first and how many more there are, the list has all', async () => {
    const system = await openProfileSystem();
    const numbers = Array.from({ length: 220 }, (_, n) => n + 1);
    const facts = [
      fact('customer.profile.registered.v1', 'agent', 0, {
        references: [named('agent')],
        kind: 'organisation',
        name: { organisation: 'Harbour Lettings' },
      }),
      ...numbers.flatMap((n) => [
        fact('account.account.opened.v1', `o${n}`, 1, { references: [named(`a${n}`)], currency: 'GBP' }),
        fact('account.role.granted.v1', `r${n}`, 2 + n, {
          account: named(`a${n}`),
          customer: named('agent'),
          role: 'agent',
          from: '2025-01-01',
          ...(n % 4 === 0 ? { to: '2026-01-01' } : {}),
        }),
      ]),
    ];
    for (let from = 0; from < facts.length; from += 40) {
      const results = await system.submit(facts.slice(from, from + 40), machine);
      expect(results.filter(({ status }) => status !== 'accepted')).toEqual([]);
    }
    await system.settle();
    const customer = (await resolveNamed(system.profile, 'customer', named('agent'))) ?? '';
    const loaded = await loadSubject(system.profile, customer);
    const { states } = loaded;
    expect(states.get('roles')?.groundless.count).toBe(0);
    const deps = { profile: system.profile, now: () => system.clock.now(), today: () => today };
    const view = await show360(deps, customer);
    expect([view?.accounts.length, view?.omitted]).toEqual([25, ['accounts: 140 more']]);

    const listed: string[] = [];
    let after: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof listAccounts>> = await listAccounts(system.profile, loaded, {
        limit: 50,
        after,
        today,
      });
      listed.push(...page.data.map(({ accountId, to }) => `${accountId} ${to ?? ''}`));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect([listed.length, new Set(listed).size]).toEqual([220, 220]);
    expect(listed.filter((one) => one.endsWith('2026-01-01'))).toHaveLength(55);
    await system.store.close();
  });
});
