import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { customerOperations } from '#functions/customers/api.ts';
import { contact } from '#functions/customers/rules/contact-points.ts';
import { interactions } from '#functions/customers/rules/interactions.ts';
import { routes } from '#functions/routes.ts';
import type { Operation } from '#shared/edge/operation.ts';
import { identity, profileOn } from '#shared/profile/rules/identity.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { shownName } from '#shared/profile/rules/view/identity-section.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import { newId } from '#shared/runtime/identify.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

const system = await openProfileSystem();
const { profile, sealer, submit, prepare, clock } = system;
afterAll(() => system.store.close());
const today = () => '2026-11-24';
const operations = customerOperations({
  profile,
  sealer,
  prepare,
  now: () => clock.now(),
  today,
});
/** An operation as the edge calls it. */
const named: Readonly<Record<string, Operation>> = operations;

const staff: Actor = { kind: 'staff', id: 'ida', roles: ['agent'] };
const ownSelf = (customerId: string): Actor => ({ kind: 'customer', id: 'login-1', customerId });

const families = ['Okafor', 'Lind', 'Quay', 'Thief'];
const name = fc.constantFrom(...families).map((family) => ({ family }));
const dateOfBirth = fc.constantFrom('1984-05-02', '1985-06-07');
const kind = fc.constantFrom('person', 'organisation');
const some = (members: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(members, { requiredKeys: [] }).filter((body) => Object.keys(body).length > 0);

const bodies = {
  changeCustomer: some({ name, dateOfBirth, kind, language: fc.constantFrom('en', 'cy') }),
  addContactPoint: fc.record(
    {
      kind: fc.constant('email'),
      value: fc.nat(9).map((n) => `p${n}@example.com`),
      verified: fc.boolean(),
      preferred: fc.boolean(),
    },
    { requiredKeys: ['kind', 'value'] },
  ),
  changeContactPoint: some({
    value: fc.nat(9).map((n) => `q${n}@example.com`),
    label: fc.constant('work'),
    verified: fc.boolean(),
    preferred: fc.boolean(),
  }),
  removeContactPoint: fc.constant(undefined),
} as const;
type Change = keyof typeof bodies;

const step = fc
  .tuple(
    fc.constantFrom<Change>('changeCustomer', 'addContactPoint', 'changeContactPoint', 'removeContactPoint'),
    fc.boolean(),
    fc.nat(20),
  )
  .chain(([operation, byStaff, point]) => bodies[operation].map((body) => ({ operation, byStaff, point, body })));

const registered = async (): Promise<string> => {
  const data = { kind: 'person', name: { family: 'Okafor' }, dateOfBirth: '1984-05-02' };
  const [kept] = await submit(
    [
      {
        type: 'customer.profile.registered.v1',
        source: { system: 'crm' },
        sourceEventId: newId(),
        occurredAt: new Date(clock.now()).toISOString(),
        data,
      },
    ],
    machine,
  );
  if (kept === undefined || !('fact' in kept)) throw new Error('the customer was not registered');
  return kept.fact.entity ?? '';
};

const runs = 60;

it(`after any changes by customer and staff no contact point is proved that staff did not prove, and the person is as staff last said (${runs} sequences)`, async () => {
  let [steps, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (sequence) => {
      const customer = await registered();
      const said = { family: 'Okafor', dateOfBirth: '1984-05-02', kind: 'person' };
      /** Values that staff proved, by the point that has them. */
      const proved = new Map<string, string>();
      for (const { operation, byStaff, point, body } of sequence) {
        steps += 1;
        clock.set(clock.now() + 60_000);
        const { states } = await loadSubject(profile, customer);
        const { points } = stateOf(states, contact).state;
        const chosen = points[point % Math.max(1, points.length)];
        const base = operationRequest(byStaff ? staff : ownSelf(customer));
        const request = {
          ...base,
          audit: { ...base.audit, id: newId() },
          query: {},
          params: { pointId: chosen?.id ?? 'none' },
          fromCustomers: routes.find((route) => route.operationId === operation)?.fromCustomers ?? [],
          subjectId: customer,
          body,
          ...(operation === 'addContactPoint' ? {} : { expectedVersion: versionOf(states) }),
        };
        try {
          const answer = await named[operation]?.(request);
          if (!byStaff) continue;
          const told = new Map(Object.entries({ ...body }));
          if (operation === 'changeCustomer') {
            const family = told.get('name');
            if (typeof family === 'object' && family !== null && 'family' in family)
              said.family = String(family.family);
            for (const member of ['dateOfBirth', 'kind'] as const)
              if (told.has(member)) said[member] = String(told.get(member));
          }
          const answered = new Map(Object.entries({ ...(answer?.body ?? {}) }));
          const id = String(answered.get('id') ?? chosen?.id);
          if (told.get('verified') === true) proved.set(id, String(answered.get('value')));
          if (told.get('verified') === false) proved.delete(id);
        } catch (error) {
          // Staff are refused only where there is no point to change.
          if (!(error instanceof DomainError) || (byStaff && error.kind !== 'not-found')) throw error;
          refused += 1;
        }
      }
      const { states } = await loadSubject(profile, customer);
      const { points } = stateOf(states, contact).state;
      for (const one of points) if (one.verified) expect(proved.get(one.id)).toBe(one.value);
      const now = profileOn(stateOf(states, identity).state, today());
      expect([shownName(now), now.dateOfBirth, now.kind]).toEqual([said.family, said.dateOfBirth, said.kind]);
      expect(stateOf(states, interactions).state.requests.open.length).toBeLessThanOrEqual(5);
    }),
    { numRuns: runs },
  );
  expect(refused).toBeGreaterThan(0);
  console.info(`${steps} changes, ${refused} of them refused`);
});
