import { familyNames, toldFamiliesOf } from '#functions/profile.ts';
import type { AnswerOf } from '#functions/routes.ts';
import type { FieldView } from '#shared/access/field-matrix.ts';
import { givesRight } from '#shared/access/role-rights.ts';
import { isTold, shape } from '#shared/access/shape.ts';
import { cutData, type Told } from '#shared/access/told-of.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { orderedFact } from '#shared/facts/fold-order.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { account, placesOf } from '#shared/profile/rules/account.ts';
import { shared } from '#shared/profile/rules/periods.ts';
import { knownGroundless } from '#shared/profile/rules/states.ts';
import { writtenBy } from '#shared/profile/rules/writer.ts';
import { readFact, type StoredFact } from '#shared/profile/store/items.ts';
import type { OwnTime } from '#shared/profile/store/own-time.ts';
import { loadHead, readFacts, unsealFact } from '#shared/profile/store/subjects.ts';
import { factPrefix, subjectKindOf, subjectPartition } from '#shared/table/keys.ts';
import type { Page, Table } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { type Change, changesOf } from './rules/changes.ts';

export interface TimelineDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
}

export interface TimelineQuery {
  readonly families: readonly FamilyName[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly limit: number;
  /** Fold order of the last fact shown: the merge goes by the total order, so one position serves every partition. */
  readonly before: string | undefined;
}

/** One partition and family, from the beginning of a role or agreement on: what is told of a time may be told long after it. */
interface Strand {
  readonly subject: string;
  readonly family: FamilyName;
  readonly from: string;
}

/** What was found on a strand, and the order down to which it was looked at; all of it where absent. */
interface Found {
  readonly facts: readonly Shown[];
  readonly reached?: string;
}

/** A fact of the timeline, and as far as it is told. */
interface Shown {
  /** The record in whose partition it was found. */
  readonly subject: string;
  readonly stored: StoredFact;
  readonly family: FamilyName;
  readonly told: Told;
}

const begin = '0000-01-01T00:00:00.000Z';
const end = '9999-12-31T23:59:59.999Z';
/** Before a date begins anywhere. */
const before = (date: string): string => `${addDays(date, -1)}T00:00:00.000Z`;

/** What of a customer's own record is whole for staff, mistakes and all: merges, and roles that were theirs on paper. */
const recordFamilies: ReadonlySet<FamilyName> = new Set(['links', 'roles']);
/** These are told in advance, also before a role begins (a bill of days to come), and are few. */
const plannedFamilies: readonly FamilyName[] = ['account', 'supply', 'billing'];

/** Most partitions a timeline merges. */
const maxPartitions = 25;
/** Most facts of one strand that are looked at for a page: beyond, the page ends early and says where to go on. */
const mostLookedAt = 1000;

/** What a timeline is made of, and whether there is more that a customer has to do with. */
const strandsOf = async (own: OwnTime): Promise<{ readonly strands: readonly Strand[]; readonly isCut: boolean }> => {
  const { records, roles } = await own.ownOfLatest(maxPartitions);
  const since = new Map<string, string>();
  let isCut = false;
  const note = (subject: string, from: string): boolean => {
    const known = since.get(subject);
    if (known === undefined && since.size >= maxPartitions) {
      isCut = true;
      return false;
    }
    if (known === undefined || from < known) since.set(subject, from);
    return true;
  };
  for (const record of records) if (!note(record, begin)) break;
  for (const role of roles) {
    if (!note(role.account, before(role.from))) break;
    if (!givesRight(role.role, 'home') && !givesRight(role.role, 'use')) continue;
    const held = (await own.statesOf(role.account)).get(account.name);
    for (const place of held === undefined ? [] : placesOf(held)) note(place.premise, before(shared(role, place).from));
  }
  const strands = [...since].flatMap(([subject, from]) => {
    const families = toldFamiliesOf(subjectKindOf(subject));
    return families.map((family) => ({ subject, family, from: plannedFamilies.includes(family) ? begin : from }));
  });
  return { strands, isCut };
};

const readStrand = async (
  profile: Table,
  strand: Strand,
  query: TimelineQuery,
  toldOf: (stored: StoredFact, family: FamilyName) => Promise<Told>,
): Promise<Found> => {
  const from = query.from !== undefined && query.from > strand.from ? query.from : strand.from;
  const until = query.to !== undefined && query.to < end ? query.to : end;
  const to = query.before !== undefined && query.before < until ? query.before : until;
  if (from >= to) return { facts: [] };
  const prefix = factPrefix(strand.family);
  const facts: Shown[] = [];
  let [cursor, lookedAt]: [string | undefined, number] = [undefined, 0];
  do {
    const page: Page = await profile.query({
      pk: subjectPartition(strand.subject),
      from: `${prefix}${from}`,
      to: `${prefix}${to}`,
      descending: true,
      limit: lookedAt === 0 ? query.limit + 2 : 250,
      consistent: true,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const read = page.items.map(readFact);
    for (const stored of read) {
      if (query.before !== undefined && stored.order >= query.before) continue;
      const told = await toldOf(stored, strand.family);
      if (told !== 'nothing') facts.push({ subject: strand.subject, stored, family: strand.family, told });
    }
    lookedAt += read.length;
    cursor = page.cursor;
    const reached = read.at(-1)?.order;
    if (cursor !== undefined && reached !== undefined && (facts.length > query.limit || lookedAt >= mostLookedAt))
      return { facts, reached };
  } while (cursor !== undefined);
  return { facts };
};

const strict = (marks: Readonly<Record<string, Parameters<typeof shape>[1][string]>>) => marks;

/** Before and after of a change, by the class of its field; the names of those that this caller may not see whole. */
const shownChange = ({ field, mark, ...values }: Change, view: FieldView) => {
  const { value, masked } = shape(values, { before: mark, after: mark }, view);
  return { change: { field, ...(typeof value === 'object' ? value : {}) }, masked };
};

/** What the facts of a family changed, of a customer and the records merged into theirs. */
const familyChanges = async (deps: TimelineDeps, customer: string, family: 'identity' | 'contact') => {
  const { aliases } = await loadHead(deps.profile, customer);
  const facts = await readFacts(deps.profile, deps.sealer, [customer, ...aliases], family);
  const ordered = facts.map(({ stored, fact }) =>
    orderedFact({ order: stored.order, fact }, stored.retractedBy !== undefined),
  );
  return changesOf(family, ordered);
};

/** Changes of the profile and of contact points, by fact; families that the page has nothing of are not read. */
const changesOn = async (deps: TimelineDeps, customer: string, families: readonly FamilyName[]) => {
  const wanted = (['identity', 'contact'] as const).filter((family) => families.includes(family));
  const found = await Promise.all(wanted.map((family) => familyChanges(deps, customer, family)));
  return new Map(found.flatMap((changes) => [...changes]));
};

const entryOf = async (
  sealer: Sealer,
  { stored, family, told }: Shown,
  view: FieldView,
  changes: readonly Change[] = [],
  isGroundless = false,
) => {
  const fact = await unsealFact(sealer, stored);
  const definition = factTypes.get(fact.type);
  const marks = strict(definition?.marks ?? {});
  const cut = cutData(fact.type, fact.data, told, (name) => marks[name] === 'usage');
  const shaped = shape(cut.data, marks, view);
  const { value } = shaped;
  const changed = changes.map((one) => shownChange(one, view));
  return {
    entry: {
      id: fact.id,
      type: fact.type,
      title: definition?.title ?? fact.type,
      family,
      category: definition?.category ?? 'service',
      severity: definition?.severity ?? 'routine',
      occurredAt: fact.occurredAt,
      recordedAt: fact.recordedAt,
      source: {
        system: fact.source.system,
        actor: fact.source.actor,
        ...(fact.source.channel === undefined ? {} : { channel: fact.source.channel }),
      },
      subjects: [...fact.subjects],
      ...(stored.retractedBy === undefined ? {} : { retracted: true }),
      ...(isGroundless ? { effect: 'none' as const } : {}),
      ...writtenBy(fact),
      ...(changed.length === 0 ? {} : { changes: changed.map(({ change }) => change) }),
      data: typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {},
    },
    masked: [
      ...[...shaped.masked, ...cut.withheld].map((path) => `data.${path}`),
      ...changed.flatMap(({ masked }) => masked.map((path) => `changes[].${path}`)),
    ],
  };
};

/** Whether a fact changes nothing as things stand, as far as the state of its record still names it. */
const isGroundless = async (own: OwnTime, { subject, family, stored }: Shown): Promise<boolean> => {
  const { records } = await own.ownOn([]);
  if (records.includes(subject)) return own.isGroundless(family, stored.fact);
  const held = (await own.statesOf(subject)).get(family);
  return held !== undefined && knownGroundless(held).includes(stored.fact.id);
};

/** Facts found, newest first, each once; and down to where none was left out. */
const mergedOf = (
  found: readonly Found[],
): { readonly facts: readonly Shown[]; readonly reached: string | undefined } => {
  const [reached] = found
    .flatMap((one) => one.reached ?? [])
    .sort()
    .toReversed();
  const byId = new Map<string, Shown>();
  for (const one of found.flatMap(({ facts }) => facts)) {
    if (reached !== undefined && one.stored.order < reached) continue;
    if (!byId.has(one.stored.fact.id)) byId.set(one.stored.fact.id, one);
  }
  return { facts: [...byId.values()].sort((a, b) => (a.stored.order < b.stored.order ? 1 : -1)), reached };
};

/**
 * What happened to a customer, newest first: facts of their own, and of their accounts and premises as far as these speak of time
 * that was theirs, whoever reads and whenever it was recorded; as far as who asks is told of them at all. A page may end before
 * it is full: `next` says where to go on.
 * @param isOwner whether the customer asks: then nothing is told of records and accounts that were theirs by mistake
 */
export const readTimeline = async (
  deps: TimelineDeps,
  own: OwnTime,
  query: TimelineQuery,
  view: FieldView,
  isOwner: boolean,
): Promise<Omit<AnswerOf<'readTimeline'>, 'next'> & { readonly next: string | null }> => {
  const wanted = new Set(query.families.length > 0 ? query.families : familyNames);
  const { strands: all, isCut } = await strandsOf(own);
  const strands = all.filter((strand) => wanted.has(strand.family));
  const toldOf = async (stored: StoredFact, family: FamilyName): Promise<Told> => {
    const { type, data } = stored.fact;
    if (!isTold(factTypes.get(type)?.whole ?? 'plain', data, view)) return 'nothing';
    return recordFamilies.has(family) && !isOwner ? 'whole' : own.told(stored.fact);
  };
  const found = await Promise.all(strands.map((strand) => readStrand(deps.profile, strand, query, toldOf)));
  const { facts, reached } = mergedOf(found);
  const shown = facts.slice(0, query.limit);
  const changes = await changesOn(
    deps,
    own.customer,
    shown.map(({ family }) => family),
  );
  const entries = await Promise.all(
    shown.map(async (one) =>
      entryOf(deps.sealer, one, view, changes.get(one.stored.fact.id), !isOwner && (await isGroundless(own, one))),
    ),
  );
  return {
    data: entries.map((one) => one.entry),
    ...(isCut ? { omitted: [`accounts and premises beyond the first ${maxPartitions} records`] } : {}),
    next: facts.length > query.limit ? (shown.at(-1)?.stored.order ?? null) : (reached ?? null),
    masked: [...new Set(entries.flatMap((one) => one.masked.map((path) => `data[].${path}`)))],
  };
};
