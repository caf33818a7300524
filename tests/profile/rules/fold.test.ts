import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type families, familyNamed, familyNames } from '#functions/profile.ts';
import { retractionType } from '#shared/contracts/facts/catalogue.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import {
  type Checkpoint,
  checkpointEvery,
  emptyFold,
  type Family,
  type FoldState,
  foldFrom,
  type OrderedFact,
} from '#shared/profile/rules/fold.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { amara, groundOf, home, house, idOf, inOrder, minute, supplyPoint, told } from './told-facts.ts';

const day = (n: number): string => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

/** The n-th fact of a family, told by two small numbers; many name what is not there, so that all have some without ground. */
type Teller = (n: number, a: number, b: number, earlier: readonly Fact[]) => Fact;

const oneOf = (earlier: readonly Fact[], a: number, kind: string): string =>
  earlier.filter((fact) => fact.entity?.startsWith(kind)).at(a % 7)?.entity ?? `${kind}_${'0'.repeat(26)}`;
const roleTeller: Teller = (n, a, b) => {
  const at = minute(n);
  const customer = idOf('customer', a % 4);
  const data = { account: home, customer, role: a % 2 === 0 ? 'holder' : 'payer' };
  return b % 3 === 0
    ? told('account.role.ended.v1', { ...data, to: day(b * 9) }, { at })
    : told('account.role.granted.v1', { ...data, from: day(b * 3) }, { at });
};
const supplyTeller: Teller = (n, a, b) => {
  const options = { at: minute(n), subjects: [home, house] };
  const data = { account: home, servicePoint: idOf('servicePoint', a % 3) };
  return b % 3 === 0
    ? told('account.agreement.ended.v1', { ...data, to: day(b * 9) }, options)
    : told(
        'account.agreement.started.v1',
        { ...data, tariff: 'T1', from: day(b * 3) },
        { ...options, creates: 'agreement' },
      );
};

const tellers = {
  identity: (n, a, b) =>
    told(
      b % 9 === 0 ? 'customer.profile.registered.v1' : 'customer.profile.corrected.v1',
      { name: { family: `Okafor ${a}` }, references: [{ namespace: 'crm', value: `C-${b}` }] },
      { at: minute(n), system: `crm-${a % 15}` },
    ),
  contact: (n, a, b, earlier) => {
    const options = { at: minute(n), subjects: [amara] };
    if (b % 3 > 0) {
      const data = { kind: 'phone', value: `01632 96${a}`, preferred: b % 2 === 0 };
      return told('customer.contact-point.added.v1', data, { ...options, creates: 'contactPoint' });
    }
    const point = oneOf(earlier, a, 'cpt');
    return a % 2 === 0
      ? told('customer.contact-point.changed.v1', { point, value: `0117 ${b}` }, options)
      : told('customer.contact-point.removed.v1', { point }, options);
  },
  links: (n, a, b) => {
    const [survivor, alias] = [idOf('customer', a % 3), idOf('customer', 3 + (b % 3))];
    if (b % 3 === 0) {
      const data = { survivor, alias, merge: oneOf([], a, 'mrg') };
      return told('customer.identity.unmerged.v1', data, { at: minute(n) });
    }
    if (a % 4 === 1) {
      const data = { customer: survivor, other: alias, reason: 'One.' };
      return told('customer.duplicate.claimed.v1', data, { at: minute(n) });
    }
    return a % 4 === 0
      ? told('customer.identity.distinguished.v1', { customer: survivor, other: alias }, { at: minute(n) })
      : told('customer.identity.merged.v1', { survivor, alias }, { at: minute(n), creates: 'merge' });
  },
  roles: roleTeller,
  interactions: (n, a, b) =>
    told(
      'contact.interaction.logged.v1',
      { channel: a % 2 === 0 ? 'phone' : 'web', reason: 'other', ...(b % 4 === 0 ? { handover: `Note ${n}` } : {}) },
      { at: minute(n), creates: 'interaction' },
    ),
  erasure: (n, a, b, earlier) => {
    const at = minute(n);
    const system = `person-${b % 3}`;
    const request = earlier.filter(({ type }) => type.endsWith('requested.v1')).at(-1 - (a % 3))?.id;
    if (b % 4 === 0) return told('customer.erasure.completed.v1', {}, { at });
    if (b % 4 === 1)
      return told('customer.erasure.requested.v1', { ground: 'objection', reason: 'Letter.' }, { at, system });
    return told(`customer.erasure.${b % 4 === 2 ? 'approved' : 'declined'}.v1`, { request }, { at, system });
  },
  account: (n, a, b, earlier) => (a % 2 === 0 ? roleTeller(n, a, b, earlier) : supplyTeller(n, a, b, earlier)),
  billing: (n, a, b, earlier) => {
    const at = minute(n);
    if (a % 3 === 0) {
      const data = { amount: gbp(b * 10 - 40), issuedOn: day(n), dueOn: day(n + 14) };
      return told('billing.bill.issued.v1', data, { at, creates: 'bill' });
    }
    if (a % 3 === 1) return told('billing.payment.received.v1', { amount: gbp(b + 1) }, { at, creates: 'payment' });
    return told('billing.payment.reversed.v1', { payment: oneOf(earlier, b, 'pay') }, { at });
  },
  premise: (n, a) =>
    a % 9 === 0
      ? told('premise.premise.registered.v1', { address: { lines: [`${n}`], country: 'GB' } }, { at: minute(n) })
      : told(
          'premise.service-point.registered.v1',
          { commodity: 'gas', zone: 'UTC' },
          { at: minute(n), creates: 'servicePoint' },
        ),
  supply: supplyTeller,
  metering: (n, a, b) => {
    const data = { servicePoint: supplyPoint, meter: idOf('meter', a % 3) };
    return b % 3 === 0
      ? told('metering.meter.removed.v1', { ...data, at: minute(n + a) }, { at: minute(n) })
      : told('metering.meter.installed.v1', data, { at: minute(n) });
  },
  outage: (n, a, b, earlier) =>
    b % 3 === 0
      ? told('service.outage.restored.v1', { outage: oneOf(earlier, a, 'out') }, { at: minute(n) })
      : told('service.outage.reported.v1', { premise: house }, { at: minute(n), creates: 'outage' }),
} satisfies Readonly<Record<keyof typeof families, Teller>>;
const tellerOf: ReadonlyMap<FamilyName, Teller> = new Map(Object.entries(tellers));

/** A history of a family in fold order: some facts retracted, and the retractions among them. */
const historyOf = (name: FamilyName, acts: readonly (readonly [number, number, boolean])[]): readonly OrderedFact[] => {
  const facts: Fact[] = [];
  const retracted = new Set<string>();
  for (const [n, [a, b, takenBack]] of acts.entries()) {
    const fact = tellerOf.get(name)?.(n, a, b, facts);
    if (fact === undefined) throw new RangeError(`nobody tells of the family ${name}`);
    facts.push(fact);
    if (!takenBack) continue;
    retracted.add(fact.id);
    const twin = retractionType(fact.type.split('.', 2).join('.'));
    facts.push(told(twin, { factId: fact.id, reason: 'Wrong.' }, { at: minute(n + a) }));
  }
  return inOrder(facts, retracted);
};

const acts = (most: number) =>
  fc.array(
    fc.tuple(
      fc.nat({ max: 40 }),
      fc.nat({ max: 40 }),
      fc.nat({ max: 9 }).map((n) => n === 0),
    ),
    {
      minLength: 1,
      maxLength: most,
      size: 'max',
    },
  );

const foldOf = (name: FamilyName, history: readonly OrderedFact[]) => {
  const family: Family<unknown> = familyNamed(name);
  const start = { state: emptyFold(family), sinceCheckpoint: 0 };
  return foldFrom(family, start, history, groundOf(history), new Set());
};
const onward = (
  name: FamilyName,
  later: readonly OrderedFact[],
  history: readonly OrderedFact[],
  from: { readonly state: FoldState<unknown>; readonly sinceCheckpoint: number },
  passed: readonly string[] = [],
) => foldFrom<unknown>(familyNamed(name), from, later, groundOf(history), new Set(passed));

const behindGroup = (history: readonly OrderedFact[], { group }: Checkpoint): readonly OrderedFact[] =>
  history.filter((one) => one.group > group);

/** Ends of groups that lie 200 facts or more behind the last such end. */
const dueEnds = (history: readonly OrderedFact[]): readonly string[] => {
  let since = 0;
  return history.flatMap(({ group }, n) => {
    since += 1;
    if (since < checkpointEvery || history[n + 1]?.group === group) return [];
    since = 0;
    return [group];
  });
};

describe.each(familyNames)('the fold of the family %s', (name) => {
  it('in two parts, cut anywhere, is the fold in one', () => {
    fc.assert(
      fc.property(acts(80), fc.nat({ max: 80 }), (told, cut) => {
        const history = historyOf(name, told);
        const whole = foldOf(name, history);
        const part = foldOf(name, history.slice(0, cut));
        const stored: FoldState<unknown> = JSON.parse(JSON.stringify(part.state));
        const rest = onward(name, history.slice(cut), history, {
          state: stored,
          sinceCheckpoint: part.sinceCheckpoint,
        });
        expect(JSON.stringify(rest.state)).toBe(JSON.stringify(whole.state));
        expect(rest.sinceCheckpoint).toBe(whole.sinceCheckpoint);
      }),
      { numRuns: 25 },
    );
  });

  it('leaves a retracted fact without any effect: the rest is as if it had never come', () => {
    fc.assert(
      fc.property(acts(60), (told) => {
        const history = historyOf(name, told);
        const standing = history.filter((one) => !one.retracted && !one.retraction);
        const [all, clean] = [foldOf(name, history).state, foldOf(name, standing).state];
        expect(all.count).toBe(history.length);
        expect(clean.count).toBe(standing.length);
        expect({ ...all, count: 0, last: '' }).toEqual({ ...clean, count: 0, last: '' });
      }),
      { numRuns: 25 },
    );
  });
});

describe('checkpoints', () => {
  const many = (name: FamilyName, length: number) =>
    historyOf(
      name,
      Array.from({ length }, (_, n) => [(n * 7) % 41, (n * 11) % 37, n % 10 === 3] as const),
    );

  it.each(familyNames)(
    'lie behind every 200th fact of the family %s and those of its group, and a fold from any of them ends the same',
    (name) => {
      const history = many(name, 600);
      const whole = foldOf(name, history);
      expect(whole.checkpoints.length).toBeGreaterThan(1);
      expect(whole.checkpoints.map((one) => one.group)).toEqual(dueEnds(history));
      const last = whole.checkpoints.at(-1);
      expect(whole.sinceCheckpoint).toBe(last === undefined ? 0 : behindGroup(history, last).length);
      for (const checkpoint of whole.checkpoints) {
        const rest = onward(name, behindGroup(history, checkpoint), history, {
          state: checkpoint.state,
          sinceCheckpoint: 0,
        });
        expect(JSON.stringify(rest.state)).toBe(JSON.stringify(whole.state));
      }
    },
  );

  it('that a late fact passes are written anew where they lie, and hold what a fold up to them holds', () => {
    const history = many('billing', 600);
    const late = history[250];
    if (late === undefined) throw new Error('too short a history');
    const before = foldOf(
      'billing',
      history.filter((one) => one !== late),
    );
    const [base, ...passed] = before.checkpoints;
    if (base === undefined) throw new Error('no checkpoint');
    const groups = passed.map((one) => one.group);
    const start = { state: base.state, sinceCheckpoint: 0 };
    const anew = onward('billing', behindGroup(history, base), history, start, groups);
    expect(anew.checkpoints.map((one) => one.group)).toEqual(groups);
    const upTo = ({ group }: Checkpoint) =>
      foldOf(
        'billing',
        history.filter((one) => one.group <= group),
      ).state;
    for (const one of anew.checkpoints) expect(JSON.stringify(one.state)).toBe(JSON.stringify(upTo(one)));
    expect(JSON.stringify(anew.state)).toBe(JSON.stringify(foldOf('billing', history).state));
  });
});

describe('beside its state, a fold tells', () => {
  it('how many facts had no ground, and the latest 20 of them', () => {
    const lost = Array.from({ length: 30 }, (_, n) =>
      told('customer.profile.corrected.v1', { language: 'en' }, { at: minute(n) }),
    );
    const { groundless, count } = foldOf('identity', inOrder(lost)).state;
    expect([count, groundless.count]).toEqual([30, 30]);
    expect(groundless.latest).toEqual(lost.slice(10).map((fact) => fact.id));
  });

  it('when each source was last heard, of the 12 heard last; what was retracted was never heard', () => {
    const heard = Array.from({ length: 20 }, (_, n) =>
      told('contact.interaction.logged.v1', { channel: 'phone' }, { at: minute(n), system: `source-${n}` }),
    );
    const wrong = told('contact.interaction.logged.v1', { channel: 'phone' }, { at: minute(99), system: 'wrong' });
    const { sources } = foldOf('interactions', inOrder([...heard, wrong], new Set([wrong.id]))).state;
    expect(sources).toEqual(Object.fromEntries(heard.slice(8).map((fact) => [fact.source.system, fact.occurredAt])));
  });

  it('nothing else of a fact type that is not its own', () => {
    for (const name of familyNames) {
      const strange = told('weather.storm.named.v1', { name: 'Amy' });
      const { state, groundless } = foldOf(name, inOrder([strange])).state;
      expect([JSON.stringify(state), groundless.count]).toEqual([JSON.stringify(familyNamed(name).empty()), 1]);
    }
  });
});
