import { expect, it } from 'vitest';
import { explainAccount, premisesToldOf } from '#functions/explain/rules/explain-account.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { OrderedFact } from '#shared/profile/rules/fold.ts';
import { house, idOf, told } from '#tests/profile/rules/told-facts.ts';

const account = idOf('account', 'ana');
const ordered = (facts: readonly Fact[]): readonly OrderedFact[] =>
  facts.map((fact, place) => {
    const order = String(place).padStart(6, '0');
    return { order, group: order, turn: 0, fact, retraction: false, retracted: false };
  });
const points = Array.from({ length: 250 }, (_, n) => idOf('servicePoint', `point ${n}`));
const agreed = ordered(
  points.map((servicePoint) =>
    told(
      'account.agreement.started.v1',
      { account, servicePoint, tariff: 'STANDARD', from: '2025-01-01' },
      { subjects: [account, house], creates: 'agreement' },
    ),
  ),
);

it('the explanation of the agreements of a large account lists the latest two hundred and counts the others', () => {
  const explained = explainAccount(
    { account: agreed, billing: [], service: new Map([[house, agreed]]) },
    { account, customer: [], id: undefined },
    ['agreements'],
    '2026-01-01',
  );
  expect(explained?.inputs).toHaveLength(201);
  expect(explained?.inputs?.[0]).toEqual({ what: '50 earlier agreements', whole: 'internal' });
  expect(explained?.inputs?.at(-1)).toMatchObject({ what: 'agreement started', factId: agreed.at(-1)?.fact.id });
});

it('says of how many premises disputes were not looked for, the last told of being looked at first', () => {
  const homes = Array.from({ length: 30 }, (_, n) => idOf('premise', `home ${n}`));
  const facts = ordered(
    homes.map((home, n) =>
      told(
        'account.agreement.started.v1',
        { account, servicePoint: points[n], tariff: 'STANDARD', from: '2025-01-01' },
        { subjects: [account, home], creates: 'agreement' },
      ),
    ),
  );
  expect(premisesToldOf(facts)).toEqual(homes);
  expect(premisesToldOf(facts, facts[7]?.fact.entity)).toEqual([homes[7]]);
  const service = new Map(
    premisesToldOf(facts)
      .slice(-25)
      .map((home) => [home, facts]),
  );
  const named = { account, customer: [], id: undefined };
  const explained = explainAccount({ account: facts, billing: [], service }, named, ['agreements'], '2026-01-01');
  expect(explained?.inputs?.at(-1)).toEqual({
    what: 'premises whose disputes were not looked for: 5',
    whole: 'internal',
  });
});
