import { asFact } from '#shared/contracts/facts/as-fact.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { emptyHead, writeHead } from '#shared/profile/store/items.ts';
import { renderView } from '#shared/profile/store/view-writes.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { headKey } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { statesOf } from '#tests/support/states-of-facts.ts';
import { type Household, testId } from './household.ts';

/** Local date on which the views of households are written and read. */
export const today = '2026-03-10';
const began = '2025-01-01';

type ToldOf = readonly (readonly [subject: string, family: FamilyName])[];

/** Facts of a household in their order, a second apart. */
const factsOf = ({ number, customer, joint, premise }: Household): readonly Fact[] => {
  const [cus, acc, prm] = [testId('customer', number), testId('account', number), testId('premise', number)];
  const facts: Fact[] = [];
  const tell = (type: string, of: ToldOf, data: Fact['data'], entity?: string): void => {
    const event = `${number}-${facts.length}`;
    const at = `${began}T08:00:${String(facts.length).padStart(2, '0')}.000Z`;
    const kept = {
      id: factIdOf('billing', event),
      type,
      source: { system: 'billing', actor: 'machine:billing' },
      sourceEventId: event,
      sourceSequence: 0,
      occurredAt: at,
      recordedAt: at,
      data,
      subjects: of.map(([subject]) => subject),
      families: of.map(([, family]) => family),
    };
    facts.push(asFact(entity === undefined ? kept : { ...kept, entity }));
  };
  const grant = (holder: string, role: string): void => {
    const of: ToldOf = [
      [acc, 'account'],
      [holder, 'roles'],
    ];
    tell('account.role.granted.v1', of, { account: acc, customer: holder, role, from: began });
  };

  const name = { family: customer.names[0] };
  tell('customer.profile.registered.v1', [[cus, 'identity']], { kind: 'person', name }, cus);
  tell('account.account.opened.v1', [[acc, 'account']], { currency: 'GBP' }, acc);
  grant(cus, 'holder');
  for (const other of joint ?? []) grant(testId('customer', other), 'joint');
  if (premise === undefined) return facts;
  const address = { lines: [premise.addresses?.[0]], country: 'GB' };
  const servicePoint = testId('servicePoint', number);
  const supplied: ToldOf = [
    [acc, 'account'],
    [prm, 'supply'],
  ];
  const point = { premise: prm, commodity: 'electricity', zone: 'Europe/London' };
  const agreement = { account: acc, servicePoint, tariff: 'STANDARD', from: began };
  tell('premise.premise.registered.v1', [[prm, 'premise']], { address }, prm);
  tell('premise.service-point.registered.v1', [[prm, 'premise']], point, servicePoint);
  tell('account.agreement.started.v1', supplied, agreement, testId('agreement', number));
  return facts;
};

/** What commits of a household's facts leave of views: sections and digests of its customers, HEADs of its account and premise. */
export const householdViews = (household: Household): readonly Item[] => {
  const facts = factsOf(household);
  const rendered = (subject: string, pairs: readonly (readonly [string, string])[] = []) =>
    renderView(subject, statesOf(subject, facts), emptyHead, today, pairs);
  const [acc, prm] = [testId('account', household.number), testId('premise', household.number)];
  const { items } = rendered(testId('customer', household.number));
  const account = rendered(acc);
  const [place] = account.head.premises;
  const premise = rendered(
    prm,
    place === undefined ? [] : account.head.readers.map((reader) => [reader, acc] as const),
  );
  return [
    ...items,
    ...[account, premise].flatMap((view) => view.items),
    writeHead(headKey(acc), { ...emptyHead, ...account.head }),
    writeHead(headKey(prm), { ...emptyHead, ...premise.head }),
  ];
};
