import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { meterInstallationHook } from '#functions/meters/store/meter-claims.ts';
import { noKeys, type SearchKeys } from '#functions/search/rules/search-keys.ts';
import { exactSearchItems, singleWords, wordSearchItems } from '#functions/search/store/search.ts';
import type { SearchHash } from '#functions/search/store/search-hash.ts';
import { searchKeysOf } from '#functions/search/store/search-subjects.ts';
import { packUsage } from '#functions/usage/store/usage-view.ts';
import type { PartyStory } from '#scripts/seed/setting.ts';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import { claimsOfFact, claimsOfStates } from '#shared/facts/claims.ts';
import { placeFact } from '#shared/facts/placing/place-fact.ts';
import type { PlacedFact } from '#shared/facts/placing/placed-fact.ts';
import type { PlaceDeps, Sender } from '#shared/facts/placing/placement.ts';
import { account } from '#shared/profile/rules/account.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { emptyHead, writeFact, writeHead, writePart, writeState } from '#shared/profile/store/items.ts';
import { toldElsewhere } from '#shared/profile/store/meters-elsewhere.ts';
import { rebuildStates } from '#shared/profile/store/rebuild.ts';
import { renderView, type SubjectView } from '#shared/profile/store/view-writes.ts';
import { factIdKey, headKey, subjectKindOf, usageKey } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';

/** What a party's facts come to, to be put in bulk as a migration would. */
export interface FoldedParty {
  /** HEAD, VIEW, WAS and search items, and STATE of accounts and premises. */
  readonly items: readonly Item[];
  /** Words for the search's vocabulary. */
  readonly words: readonly string[];
  readonly customers: readonly string[];
  readonly facts: number;
  /** What its facts come to, by subject. */
  readonly states: ReadonlyMap<string, States>;
}

const sender: Sender = { actor: 'machine:bench', speaksFor: sourceNamed, supervisor: false };

type FactsOf = Map<string, Map<FamilyName, PlacedFact[]>>;

const keep = (facts: FactsOf, placed: PlacedFact): void => {
  const { fact } = placed;
  fact.subjects.forEach((subject, place) => {
    const family = fact.families[place];
    if (family === undefined) return;
    const families = facts.get(subject) ?? new Map<FamilyName, PlacedFact[]>();
    facts.set(subject, families);
    families.set(family, [...(families.get(family) ?? []), placed]);
  });
};

/** Reports of outages as they are kept: an outage is found by the fact that made it, in its own partition. */
const reportsOf = ({ fact, order }: PlacedFact): readonly Item[] =>
  fact.entity !== undefined && kindOf(fact.entity) === 'outage'
    ? [
        writeFact(fact.entity, 'outage', {
          fact,
          order,
          sealed: undefined,
          owner: undefined,
          hides: [],
          sequence: undefined,
          survivor: undefined,
          retractedBy: undefined,
        }),
      ]
    : [];

/**
 * Places the party's facts in order. What later facts name or are held against is put at once: claims, where each fact is, reports
 * of outages, the currency of accounts.
 */
const placeAll = async (deps: PlaceDeps, story: PartyStory): Promise<FactsOf> => {
  const facts: FactsOf = new Map();
  for (const step of story.steps) {
    for (const meter of step.meters) {
      const registers = meter.registers.map(({ register }) => register);
      await registerHeadEndMeter(deps.profile, { serial: meter.serial, registers });
    }
    for (const raw of step.facts) {
      const placement = await placeFact(deps, raw, sender, step.at * 1000);
      if (placement.status !== 'placed') throw new Error(`a fact has no place: ${JSON.stringify(placement)}`);
      const { fact, order, contentHash } = placement.placed;
      keep(facts, placement.placed);
      const subject = fact.subjects[0] ?? '';
      const states = fact.entity === undefined ? undefined : rebuildStates(facts.get(subject) ?? new Map());
      await deps.profile.batchPut([
        {
          ...factIdKey(fact.id),
          hash: contentHash,
          type: fact.type,
          subjects: fact.subjects,
          families: fact.families,
          order,
          system: fact.source.system,
        },
        ...claimsOfFact(fact),
        ...reportsOf(placement.placed),
        ...(states === undefined ? [] : claimsOfStates(subject, states)),
        ...(states === undefined || fact.type !== 'account.account.opened.v1'
          ? []
          : [writeState(subject, 'account', stateOf(states, account))]),
      ]);
    }
  }
  return facts;
};

/** A usage item of the usual size: seven days, thirteen months. */
const usageItem = (place: Parameters<typeof packUsage>[0], newestDay: string, zone: string): Item => {
  const { customer, account, premise: at, servicePoint, register } = place;
  const { bytes } = packUsage(place, {
    commodity: 'electricity',
    flow: 'forward',
    unit: 'Wh',
    powerOfTen: 0,
    asOf: startOfDate(zone, addDays(newestDay, 1)),
    newestDay,
    days: Array.from({ length: 7 }, (_, back) => 8_000 + back * 137),
    months: Array.from({ length: 13 }, (_, back) => ({ value: 240_000 + back * 4_321, estimatedHundredths: 0 })),
    more: 0,
  });
  return { ...usageKey(customer, account, at, servicePoint, register), n: 1, b: bytes };
};

const usageItems = (
  pairs: SubjectView['head']['pairs'],
  subject: string,
  states: States,
  today: string,
): readonly Item[] =>
  pairs.flatMap(([customer, account]) =>
    stateOf(states, premise).state.servicePoints.map(({ id, zone }) =>
      usageItem({ customer, account, premise: subject, servicePoint: id, register: 'E1' }, addDays(today, -1), zone),
    ),
  );

const searchItems = async (hash: SearchHash, keys: SearchKeys, subject: string): Promise<readonly Item[]> => [
  ...(await exactSearchItems(hash, keys, subject)),
  ...wordSearchItems(keys, subject),
];

/** States of accounts and premises with their parts: who was where is read from them. */
const stateItems = (subject: string, states: States): readonly Item[] =>
  [...states].flatMap(([family, held]) => [
    writeState(subject, family, held),
    ...[...(held.parts ?? [])].map(([part, of]) => writePart(subject, family, part, of, { since: 0 })),
  ]);

/**
 * Folds a party's whole story in memory: views, heads and search entries as commits and their followers would leave them, without
 * the facts themselves, and states only of accounts and premises.
 */
export const foldParty = async (
  deps: PlaceDeps & { readonly hash: SearchHash },
  story: PartyStory,
  today: string,
): Promise<FoldedParty> => {
  const facts = await placeAll(deps, story);
  const all = new Map([...facts].map(([subject, families]) => [subject, rebuildStates(families)] as const));
  const pairs = new Map<string, (readonly [string, string])[]>();
  const items: Item[] = [];
  const words: string[] = [];
  const render = async (subject: string, states: States, known = emptyHead): Promise<SubjectView> => {
    const mine = (pairs.get(subject) ?? []).sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
    const rendered = renderView(subject, states, known, today, mine);
    items.push(writeHead(headKey(subject), { ...known, ...rendered.head, version: 1 }), ...rendered.items);
    const keys = searchKeysOf(subject, states, 'GB') ?? noKeys;
    items.push(...(await searchItems(deps.hash, keys, subject)));
    if (['account', 'premise'].includes(subjectKindOf(subject) ?? '')) items.push(...stateItems(subject, states));
    words.push(...singleWords(keys));
    return rendered;
  };
  // Accounts first: they say who reads which premise.
  const ofKind = (kind: string) => [...all].filter(([subject]) => subjectKindOf(subject) === kind);
  for (const [account, states] of ofKind('account')) {
    const { head } = await render(account, states);
    for (const place of head.premises) {
      const readers = head.readers.map((reader) => [reader, account] as const);
      pairs.set(place, [...(pairs.get(place) ?? []), ...readers]);
    }
  }
  const claimMeters = meterInstallationHook(deps.profile);
  for (const [subject, states] of ofKind('premise')) {
    const claims = await claimMeters(subject, new Map(), states, []);
    if (claims.length > 0) await deps.profile.commit(claims);
  }
  for (const [subject, states] of ofKind('premise')) {
    const elsewhere = await toldElsewhere(deps.profile, subject, states);
    const { head } = await render(subject, states, { ...emptyHead, elsewhere });
    items.push(...usageItems(head.pairs, subject, states, today));
  }
  for (const [subject, states] of [...ofKind('customer'), ...ofKind('outage')]) await render(subject, states);
  return {
    items,
    words,
    customers: ofKind('customer').map(([customer]) => customer),
    facts: story.steps.reduce((sum, step) => sum + step.facts.length, 0),
    states: all,
  };
};
