import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import type { View360 } from '#shared/contracts/api/view.ts';
import { type ProfileAttribute, policyOf } from '#shared/domain/profile/survivorship-policy.ts';
import type { Fact } from '#shared/vocabulary/fact.ts';
import type { Leaf } from './leaves.ts';
import { ledgerOf } from './money-by-hand.ts';
import { asShown, attributeByHand, preferenceOf, rolesOn, type Word, wordsOn } from './winner-by-hand.ts';

export type Told = AnswerOf<'explainField'>;

/** What an explanation is held against: facts, the policy's file, and the view that is explained. */
export interface Ground {
  /** All facts in fold order, and those of them that stand. */
  readonly facts: readonly Fact[];
  readonly kept: readonly Fact[];
  readonly view: View360;
  /** The customer and those merged into them. */
  readonly records: readonly string[];
  readonly today: string;
  readonly now: string;
}

/** What is wrong with an explanation; undefined where nothing is. */
type Check = (leaf: Leaf, told: Told, ground: Ground) => unknown;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const unless = (right: boolean, found: unknown): unknown => (right ? undefined : (found ?? 'nothing'));
const of = (facts: readonly Fact[], records: readonly string[]): readonly Fact[] =>
  facts.filter(({ subjects }) => subjects.some((one) => records.includes(one)));
const textIn = (entry: object | undefined, name: string): string => {
  const value: unknown = entry === undefined ? undefined : Reflect.get(entry, name);
  return typeof value === 'string' ? value : '';
};

const attribute =
  (name: ProfileAttribute): Check =>
  ({ value }, told, { facts, records, today }) => {
    const policy = policyOf(name);
    const { winner, lost } = attributeByHand(of(facts, records), name, policy, today);
    const pinned = winner?.type === 'customer.attribute.pinned.v1';
    const losing = lost.map(({ fact, reason }) => [
      fact.id,
      fact.source.system,
      fact.occurredAt,
      reason,
      asShown(fact.data[name] ?? null),
    ]);
    const said = told.losing.map((one) => [one.factId, one.source, one.occurredAt, one.reason, one.value]);
    return (
      unless(told.winner?.factId === winner?.id, { winner: winner?.id }) ??
      unless(
        same(asShown(winner?.data[name] ?? null), value) || (name === 'kind' && winner === undefined),
        winner?.data[name],
      ) ??
      unless(same(said.toSorted(), losing.toSorted()), { said, losing }) ??
      unless(
        told.rule.strategy === (pinned ? 'pinned' : policy.strategy) && (told.pin !== undefined) === pinned,
        told.rule,
      )
    );
  };

/** The last word stands; those before were superseded. A word of nothing has nothing to lose. */
const byWords = (words: readonly Word[], value: unknown, told: Told): unknown => {
  const winner = words.at(-1);
  const lost = words.slice(0, -1).filter((word) => word.value !== undefined);
  const losing = lost.map(({ fact, value: word }) => [
    fact.id,
    fact.source.system,
    fact.occurredAt,
    'superseded',
    word,
  ]);
  const said = told.losing
    .filter(({ reason }) => reason !== 'same-value')
    .map((one) => [one.factId, one.source, one.occurredAt, one.reason, one.value]);
  return (
    unless(winner !== undefined && winner.fact.id === told.winner?.factId, { winner }) ??
    unless(same(winner?.value, value), { word: winner?.value }) ??
    unless(same(said, losing.toReversed()), { said, losing })
  );
};

const oneThing: Check = ({ id, names, value }, told, { kept }) => {
  const words = wordsOn(kept, id, names);
  // An amount is explained as a whole, whichever of its members is asked for.
  if (names.at(-2) === 'amount') return unless(words.length === 1, words) ?? byWords(words, value, told);
  return byWords(words, value, told);
};

const preferred: Check = ({ id, value }, told, { kept, records }) =>
  byWords(preferenceOf(of(kept, records), id), value, told);

const creating: Check = ({ value }, told, { kept }) => {
  const creator = kept.find(({ entity }) => entity === value);
  return unless(creator !== undefined && creator.id === told.winner?.factId, { creator: creator?.id });
};

const since: Check = ({ value }, told, { kept, records }) => {
  const dayOf = ({ data, occurredAt }: Fact): string => String(data.since ?? occurredAt.slice(0, 10));
  const said = of(kept, records).filter(({ type }) => type === 'customer.profile.registered.v1');
  const first = said.toSorted((a, b) => (dayOf(a) < dayOf(b) ? -1 : 1))[0];
  return (
    unless(first !== undefined && dayOf(first) === value && first.id === told.winner?.factId, { first: first?.id }) ??
    unless(told.losing.length === said.length - 1, told.losing)
  );
};

const role: Check = ({ names, value, id, path }, told, { kept, records, today }) => {
  const member = names.at(-1);
  const words = rolesOn(kept, id, records, today, (held) =>
    member === 'roles' ? held.map((one) => one.role) : held[0]?.[member === 'from' ? 'from' : 'to'],
  );
  const last = words.at(-1);
  const place = Number(/\[(\d+)\]$/.exec(path)?.[1]);
  const stands = Array.isArray(last?.value) ? last.value[place] : last?.value;
  return unless(same(stands, value), { last }) ?? unless(last?.fact.id === told.winner?.factId, { last });
};

const supplied: Check = ({ entries: [premise], value }, told, { kept }) => {
  const first = kept.find(
    ({ type, data, subjects }) =>
      type === 'account.agreement.started.v1' && data.account === value && subjects.includes(textIn(premise, 'id')),
  );
  return unless(first !== undefined && first.id === told.winner?.factId, { first: first?.id });
};

const address: Check = ({ id, value }, told, { kept }) => {
  const last = kept.findLast(
    ({ entity, data }) => (entity === id || data.premise === id) && typeof data.address === 'object',
  );
  const {
    lines = [],
    town,
    postcode,
  } = { ...(last?.data.address as { lines?: string[]; town?: string; postcode?: string }) };
  return (
    unless(last?.id === told.winner?.factId, { last: last?.id }) ??
    unless([...lines, town, postcode].filter((part) => part !== undefined).join(', ') === value, last?.data.address)
  );
};

const inputsOf = (told: Told) => (told.inputs ?? []).map(({ factId, value }) => ({ factId, value }));
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

/** A value with a formula, whose inputs are as worked out once more. */
const byFormula = (told: Told, inputs: readonly unknown[], right: boolean, found: unknown): unknown =>
  unless((told.formula ?? '').length > 10 && told.rule.strategy === 'computed', told.formula) ??
  unless(same(inputsOf(told), inputs), { inputs }) ??
  unless(right, found);

const balance: Check = ({ id, names, value }, told, { kept }) => {
  const { balance: sum, facts } = ledgerOf(kept, id);
  const listed = (told.inputs ?? []).flatMap(({ factId }) => factId ?? []);
  const amounts = (told.inputs ?? []).map(
    (one) => (one.value as { amountMinor?: number } | undefined)?.amountMinor ?? NaN,
  );
  return (
    unless((told.formula ?? '').length > 10, told.formula) ??
    unless(same(listed.toSorted(), facts.toSorted()), { facts }) ??
    unless(amounts.reduce((all, one) => all + one, 0) === sum, { amounts }) ??
    unless(value === (names.at(-1) === 'currency' ? 'GBP' : sum), { sum })
  );
};

const late = (ground: Ground, account: string) =>
  ledgerOf(ground.kept, account).owed.filter(({ dueOn }) => dueOn < ground.today);
const asInputs = (owed: ReturnType<typeof late>) => owed.map(({ fact, left }) => ({ factId: fact, value: gbp(left) }));

const overdue: Check = ({ id, names, value }, told, ground) => {
  const owed = late(ground, id);
  const sum = owed.reduce((all, { left }) => all + left, 0);
  return byFormula(told, asInputs(owed), value === (names.at(-1) === 'currency' ? 'GBP' : sum), { sum });
};

const nextDue: Check = ({ id, names, value }, told, { kept, today }) => {
  const next = ledgerOf(kept, id).owed.find(({ dueOn }) => dueOn >= today);
  const members: Readonly<Record<string, unknown>> = {
    amountMinor: next?.left,
    currency: 'GBP',
    dueOn: next?.dueOn,
    nextDue: null,
  };
  const right = next === undefined ? value === null : same(members[names.at(-1) ?? ''], value);
  return byFormula(told, next === undefined ? [] : asInputs([next]), right, { next });
};

const alert: Check = ({ entries: [shown], names, value }, told, ground) => {
  const { evidence } = { ...(shown as View360['alerts'][number]) };
  const owed = late(ground, evidence[0] ?? '');
  const right = names.at(-1) !== 'since' || value === owed[0]?.dueOn;
  return unless(owed.length > 0, 'nothing is overdue') ?? byFormula(told, asInputs(owed), right, { owed });
};

const noAlert: Check = (_, told, ground) => {
  const { accounts, service } = ground.view;
  const owed = accounts.flatMap(({ id }) => late(ground, id));
  return byFormula(told, [], owed.length + service.openOutages.length === 0, { owed });
};

const status: Check = ({ value }, told, { kept, records, today }) => {
  const granted = of(kept, records).filter(({ type }) => type === 'account.role.granted.v1');
  const holds = granted.some(({ data }) => {
    const now = rolesOn(kept, String(data.account), records, today, (held) =>
      held.some((one) => String(one.from) <= today),
    );
    return now.at(-1)?.value === true;
  });
  const expected = holds ? 'active' : granted.length > 0 ? 'former' : 'prospect';
  const listed = (told.inputs ?? []).map(({ factId }) => factId);
  return (
    unless((told.formula ?? '').length > 10 && value === expected, { expected }) ??
    unless(same(listed.toSorted(), granted.map(({ id }) => id).toSorted()), { granted: granted.length })
  );
};

const ownFamilies = ['identity', 'contact', 'roles', 'interactions'] as const;
const inFamily = ({ facts, records }: Ground, family: string): number =>
  facts.filter(({ subjects, families }) => subjects.some((one, at) => records.includes(one) && families[at] === family))
    .length;

const version: Check = ({ value }, told, ground) => {
  const counts = ownFamilies.map((family) => ({ factId: undefined, value: inFamily(ground, family) }));
  const sum = counts.reduce((all, one) => all + one.value, 0);
  return byFormula(told, counts, value === sum, { sum });
};

const contacts: Check = ({ names, value }, told, { kept, records }) => {
  const logged = of(kept, records).filter(({ type }) => type === 'contact.interaction.logged.v1');
  const count = logged.filter(({ data }) => names.at(-1) === 'counts' || data.channel === names.at(-1)).length;
  const right = typeof value === 'object' ? count === 0 : value === count;
  return byFormula(told, [{ factId: undefined, value: count }], right, { count });
};

const handover: Check = ({ names, value }, told, { kept, records }) => {
  const last = of(kept, records).findLast(({ data }) => data.handover !== undefined);
  const members: Readonly<Record<string, unknown>> = {
    text: last?.data.handover,
    at: last?.occurredAt,
    by: last?.source.actor,
    handover: null,
  };
  const right = same(members[names.at(-1) ?? ''], value) && (value === null) === (last === undefined);
  return unless(right && last?.id === told.winner?.factId, { last: last?.id });
};

/** Readings are no facts: what they come to is explained by its formula, the meter and the service point. */
const readings: Check = ({ entries, pattern }, told, { kept }) => {
  const point = pattern.startsWith('usage.') ? textIn(entries[0], 'servicePointId') : textIn(entries[1], 'id');
  const installed = kept.findLast(
    ({ type, data }) => type === 'metering.meter.installed.v1' && data.servicePoint === point,
  );
  const registered = kept.find(({ entity }) => entity === point);
  return byFormula(
    told,
    [installed, registered].map((fact) => ({ factId: fact?.id, value: undefined })),
    true,
    {},
  );
};

const freshness: Check = ({ entries: [shown], names, value }, told, ground) => {
  const source = textIn(shown, 'source');
  const accounts = ground.view.accounts.map(({ id }) => id);
  const about = ground.facts.filter(
    ({ type, subjects, families }) =>
      !type.startsWith('customer.identity.') &&
      subjects.some((one, at) =>
        ground.records.includes(one)
          ? ownFamilies.some((family) => family === families[at])
          : accounts.includes(one) && (families[at] === 'account' || families[at] === 'billing'),
      ),
  );
  const said = about.filter((fact) => fact.source.system === source && ground.kept.includes(fact));
  const latest = said
    .map(({ occurredAt }) => occurredAt)
    .sort()
    .at(-1);
  if (source === 'meters' && latest === undefined)
    return unless((told.formula ?? '').includes('interval') && told.winner === null, told.formula);
  const lag = Math.round((Date.parse(ground.now) - Date.parse(latest ?? '')) / 1000);
  const members: Readonly<Record<string, unknown>> = { source, lastFactAt: latest, lagSeconds: lag };
  const winner = said.find(({ id }) => id === told.winner?.factId);
  return (
    unless(winner !== undefined && winner.occurredAt === latest, { latest }) ??
    byFormula(told, [{ factId: winner?.id, value: undefined }], same(members[names.at(-1) ?? ''], value), members)
  );
};

/** Nothing was ever said of it. */
const empty: Check = ({ value }, told) =>
  byFormula(told, [], value === null || (typeof value === 'object' && Object.keys(value).length === 0), { value });

const asked: Check = ({ value }, told, { now }) => byFormula(told, [], value === now, { now });

const steps: Check = ({ value }, told, { view }) =>
  byFormula(
    told,
    view.alerts.map(({ evidence }) => ({ factId: undefined, value: evidence })),
    typeof value === 'string' ? view.alerts.length > 0 : view.alerts.length === 0,
    view.alerts,
  );

const opened: Check = ({ id, value }, told, { kept }) =>
  byFormula(told, [{ factId: kept.find(({ entity }) => entity === id)?.id, value: undefined }], value === 'open', {});

/** How each value of the view is held against the facts, by its path; the first that fits. */
export const checks: readonly (readonly [RegExp, Check])[] = [
  [/^customer\.(id)$|^(accounts|premises)\.id$/, creating],
  [/^customer\.name$/, attribute('name')],
  [/^customer\.kind$/, attribute('kind')],
  [/^customer\.dateOfBirth$/, attribute('dateOfBirth')],
  [/^contact\.preferences\.language$/, attribute('language')],
  [/^customer\.since$/, since],
  [/^customer\.status$/, status],
  [/^customer\.version$/, version],
  [/^contact\.points\.preferred$/, preferred],
  [/^contact\.points\.(id|kind|value|verified|source)$/, oneThing],
  [/^alerts\./, alert],
  [/^alerts$/, noAlert],
  [/^accounts\.(roles|from|to)$/, role],
  [/^accounts\.status$/, opened],
  [/^accounts\.balance\./, balance],
  [/^accounts\.overdue\./, overdue],
  [/^accounts\.nextDue(\.|$)/, nextDue],
  [/^accounts\.(lastBill|previousBill|lastPayments|agreements)\./, oneThing],
  [/^premises\.accountId$/, supplied],
  [/^premises\.address$/, address],
  [/^premises\.servicePoints\.meter\.lastReadingAt$|^usage\./, readings],
  [/^premises\.servicePoints\./, oneThing],
  [/^service\.(openOutages|lastResolved)\./, oneThing],
  [/^interactions\.recent\./, oneThing],
  [/^interactions\.counts(\.|$)/, contacts],
  [/^interactions\.handover(\.|$)/, handover],
  [/^nextSteps$/, steps],
  [/^freshness\.asOf$/, asked],
  [/^freshness\.sources\./, freshness],
  [
    /^(accounts|premises|usage|relations|omitted|masked|contact\.restrictions|accounts\.(lastPayments|lastBill|previousBill)|interactions\.recent|service\.\w+)$/,
    empty,
  ],
];
