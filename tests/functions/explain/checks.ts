import { toldFamiliesOf } from '#functions/profile.ts';
import { type ProfileAttribute, policyOf } from '#shared/profile/rules/survivorship-policy.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { byFormula, type Check, type Ground, of, same, type Told, textIn, unless } from './check.ts';
import { alert, balance, nextDue, noAlert, overdue } from './money-checks.ts';
import { asShown, attributeByHand, preferenceOf, rolesOn, type Word, wordsOn } from './winner-by-hand.ts';

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

/** Through the portal customers speak, and what it sends out is its own; what other systems send, people of the utility entered. */
const writer: Check = ({ id, value }, told, { kept }) => {
  const said = kept.find(({ entity }) => entity === id);
  const byPortal = said?.data.direction === 'outbound' ? 'system' : 'customer';
  const wrote = said?.source.system === 'portal' ? byPortal : 'staff';
  return unless(value === wrote && told.winner?.factId === said?.id, { wrote });
};

const preferred: Check = ({ id, value }, told, { kept, records }) =>
  byWords(preferenceOf(of(kept, records), id), value, told);

const creating: Check = ({ value }, told, { kept }) => {
  const creator = kept.find(({ entity }) => entity === value);
  return unless(creator !== undefined && creator.id === told.winner?.factId, { creator: creator?.id });
};

const since: Check = ({ value }, told, { kept, records }) => {
  const dayOf = ({ data, occurredAt }: KeptFact): string => String(data.since ?? occurredAt.slice(0, 10));
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
  const stands = Array.isArray(last?.value) && last.value.length > 0 ? last.value[place] : last?.value;
  return unless(same(stands, value), { last }) ?? unless(last?.fact.id === told.winner?.factId, { last });
};

const former: Check = ({ names, value, id, path }, told, { kept, records, today }) => {
  const member = names.at(-1) === 'role' ? 'role' : names.at(-1) === 'from' ? 'from' : 'to';
  const words = rolesOn(kept, id, records, '0000-01-01', (held) =>
    held.filter(({ to }) => to !== null && String(to) <= today).map((one) => one[member]),
  );
  const last = words.at(-1);
  const stands = Array.isArray(last?.value) ? last.value[Number(/\[(\d+)\]\.\w+$/.exec(path)?.[1])] : undefined;
  return unless(same(stands, value) && last?.fact.id === told.winner?.factId, { last });
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

const ownFamilies: readonly string[] = toldFamiliesOf('customer').filter((family) => family !== 'links');
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

/** A meter that a file says is elsewhere is nobody's, whatever was told here. */
const meterThere: Check = (leaf, told, ground) => {
  const installed = ground.kept.findLast(
    ({ type, data }) => type === 'metering.meter.installed.v1' && data.servicePoint === textIn(leaf.entries[1], 'id'),
  );
  if (leaf.value !== null || installed === undefined) return oneThing(leaf, told, ground);
  return byFormula(told, [{ factId: installed.id, value: undefined }], true, {});
};

const freshness: Check = ({ entries: [shown], names, value }, told, ground) => {
  const source = textIn(shown, 'source');
  const accounts = ground.view.accounts.flatMap(({ id, formerRoles }) => (formerRoles === undefined ? [id] : []));
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
    // What sources dispute is a step, too, and no alert.
    typeof value === 'string' ? view.alerts.length > 0 || /^Sources say/.test(value) : view.alerts.length === 0,
    view.alerts,
  );

/** Whether somebody who owes holds the account on a day, or is to, or it takes service: by when each was last told to end. */
const isOpen = (kept: readonly KeptFact[], account: string, today: string): boolean => {
  const ends = new Map<string, unknown>();
  for (const { type, data, entity } of kept.filter((fact) => fact.data.account === account)) {
    if (/^account\.role\./.test(type) && ['holder', 'joint', 'executor'].includes(String(data.role)))
      ends.set(`${data.customer} ${data.role}`, data.to);
    if (/^account\.agreement\./.test(type)) ends.set(String(data.servicePoint ?? entity), data.to);
  }
  return ends.size === 0 || [...ends.values()].some((to) => to === undefined || String(to) > today);
};

const opened: Check = ({ id, value }, told, { kept, today }) => {
  const expected = isOpen(kept, id, today) ? 'open' : 'closed';
  const creator = kept.find(({ entity }) => entity === id)?.id;
  return byFormula(told, [{ factId: creator, value: undefined }], value === expected, { expected });
};

/** No agreement lasts: all that began are named, and each was last told to end by today. */
const noneLasts: Check = ({ id, value }, told, { kept, today }) => {
  const ofAccount = kept.filter(({ type, data }) => /^account\.agreement\./.test(type) && data.account === id);
  const ends = new Map(ofAccount.map(({ data }) => [data.servicePoint, data.to]));
  const inputs = ofAccount.flatMap(({ type, id: factId, data: { from, tariff } }) =>
    type === 'account.agreement.started.v1' ? [{ factId, value: { from, tariff } }] : [],
  );
  const isOver = [...ends.values()].every((to) => to !== undefined && String(to) <= today);
  return byFormula(told, inputs, same(value, []) && isOver, { ends: [...ends] });
};

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
  [/^accounts\.formerRoles\./, former],
  [/^accounts\.status$/, opened],
  [/^accounts\.balance\./, balance],
  [/^accounts\.overdue\./, overdue],
  [/^accounts\.nextDue(\.|$)/, nextDue],
  [/^accounts\.(lastBill|previousBill|lastPayments|agreements)\./, oneThing],
  [/^accounts\.agreements$/, noneLasts],
  [/^premises\.accountId$/, supplied],
  [/^premises\.address$/, address],
  [/^premises\.servicePoints\.meter\.lastReadingAt$|^usage\./, readings],
  [/^premises\.servicePoints\.meter$/, meterThere],
  [/^premises\.servicePoints\./, oneThing],
  [/^service\.(openOutages|lastResolved)\./, oneThing],
  [/^interactions\.recent\.writtenBy$/, writer],
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
