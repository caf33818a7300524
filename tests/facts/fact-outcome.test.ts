import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import {
  type FactOutcome,
  isKept,
  isSetAside,
  isToBeSentAgain,
  isWaiting,
  type OutcomeOf,
  ofErased,
  quarantined,
  rejected,
  toBeSentAgain,
} from '#shared/facts/fact-outcome.ts';
import { waiting } from '#shared/facts/placing/placement.ts';
import { refusalOfFact } from '#shared/facts/refuse-fact.ts';
import { FactStatus } from '#shared/vocabulary/statuses.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

const registered = {
  type: 'customer.profile.registered.v1',
  source: { system: 'crm' },
  sourceEventId: 'c1',
  occurredAt: '2025-01-01T10:00:00.000Z',
  data: { kind: 'person', name: { given: 'Amara', family: 'Okafor' } },
};

const aFact = async (): Promise<Fact> => {
  const [told] = await (await openProfileSystem()).submit([registered], machine);
  if (!isKept(told)) throw new Error('the fact was not kept');
  return told.fact;
};

/** One of each outcome: a status without one does not compile. */
const outcomes = (fact: Fact): { readonly [Status in FactStatus]: OutcomeOf<Status> } => ({
  accepted: { status: 'accepted', factId: fact.id, fact },
  duplicate: { status: 'duplicate', factId: fact.id, fact },
  waiting: waiting(fact.id, { kind: 'account', namespace: 'billing', value: '000123' }),
  quarantined: quarantined(fact.id, 'fact.future', 'The fact lies in the future.'),
  rejected: rejected('fact.invalid', 'It is no fact.', 'fact.invalid', [
    { pointer: '/data/kind', code: 'invalid', message: 'is none' },
  ]),
  retry: toBeSentAgain(fact.id),
});

it('every outcome is either an answer or a refusal whose code has a page', async () => {
  const pages = new Set(readdirSync('docs/problems'));
  const all: readonly FactOutcome[] = Object.values(outcomes(await aFact()));
  const told = all.map((one) => (isKept(one) ? 'kept' : refusalOfFact(one)));
  expect(FactStatus.options.map((status, n) => [status, told[n] === 'kept' ? 'kept' : told[n]])).toMatchObject([
    ['accepted', 'kept'],
    ['duplicate', 'kept'],
    ['waiting', { kind: 'conflict', code: 'reference.unknown', message: 'Waits for account billing:000123.' }],
    ['quarantined', { kind: 'conflict', code: 'fact.future' }],
    ['rejected', { kind: 'invalid', code: 'fact.invalid', errors: [{ pointer: '/data/kind' }] }],
    ['retry', { kind: 'unavailable', code: 'commit.busy', retryAfterSeconds: 1 }],
  ]);
  for (const one of told) if (one !== 'kept') expect(pages).toContain(`${one.code}.md`);
});

it('a fact of somebody who was erased is a conflict, and complaints stand where the sender has the field', () => {
  expect(refusalOfFact(ofErased)).toMatchObject({ kind: 'conflict', code: 'owner.erased', errors: [] });
  const bad = rejected('value.rejected', 'See errors.', 'fact.invalid', [
    { pointer: '/data/value', code: 'x', message: 'is bad' },
  ]);
  const inBody = refusalOfFact(bad, (pointer) => pointer.replace('/data', '/contactPoints/0'));
  expect(inBody.errors).toEqual([{ pointer: '/contactPoints/0/value', code: 'x', message: 'is bad' }]);
});

it('a fact stands in its record, elsewhere, or nowhere', async () => {
  const all = Object.values(outcomes(await aFact()));
  const statuses = (chosen: readonly FactOutcome[]): readonly string[] => chosen.map(({ status }) => status);
  expect(statuses(all.filter(isKept))).toEqual(['accepted', 'duplicate']);
  expect(statuses(all.filter(isSetAside))).toEqual(['waiting', 'quarantined']);
  expect(statuses(all.filter(isWaiting))).toEqual(['waiting']);
  expect(statuses(all.filter(isToBeSentAgain))).toEqual(['retry']);
  expect([undefined, { status: 'unanswered' }].some((one) => isKept(one) || isSetAside(one))).toBe(false);
});
