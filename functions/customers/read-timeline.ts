import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import { factTypes, isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { FieldView } from '#shared/domain/access/field-matrix.ts';
import { isTold, shape } from '#shared/domain/access/shape.ts';
import { account } from '#shared/domain/profile/account.ts';
import { type Change, changesOf } from '#shared/domain/profile/changes.ts';
import { stateOf } from '#shared/domain/profile/families.ts';
import { roles } from '#shared/domain/profile/roles.ts';
import { writtenBy } from '#shared/domain/profile/writer.ts';
import { readFact, type StoredFact } from '#shared/store/items.ts';
import { factPrefix, subjectPartition } from '#shared/store/keys.ts';
import type { Sealer } from '#shared/store/seal.ts';
import { loadHead, loadSubject, readFacts, unsealFact } from '#shared/store/subjects.ts';
import type { Table } from '#shared/store/table.ts';
import { type FamilyName, familyNames } from '#shared/vocabulary/fact.ts';

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

/** One partition and family within the dates of a role or agreement; instants, half-open. */
interface Strand {
  readonly subject: string;
  readonly family: FamilyName;
  readonly from: string;
  readonly to: string;
  /** Accounts whose supply facts may be shown. */
  readonly accounts: ReadonlySet<string> | undefined;
}

const begin = '0000-01-01T00:00:00.000Z';
const end = '9999-12-31T23:59:59.999Z';
const startOf = (date: string): string => `${date}T00:00:00.000Z`;

const familiesByKind = {
  customer: ['identity', 'contact', 'links', 'roles', 'interactions'],
  account: ['account', 'billing'],
  premise: ['premise', 'supply', 'metering', 'outage'],
} as const satisfies Record<string, readonly FamilyName[]>;

const latest = (a: string, b: string): string => (a > b ? a : b);
const earliest = (a: string, b: string): string => (a < b ? a : b);

/** Most partitions a timeline merges (K19). */
const maxPartitions = 25;

const strandsOf = async (profile: Table, customer: string): Promise<readonly Strand[]> => {
  const { states, head } = await loadSubject(profile, customer);
  const records = [customer, ...head.aliases].slice(0, maxPartitions);
  const strands: Strand[] = records.flatMap((subject) =>
    familiesByKind.customer.map((family) => ({ subject, family, from: begin, to: end, accounts: undefined })),
  );
  let partitions = records.length;
  for (const role of stateOf(states, roles).state.roles.toReversed()) {
    if (partitions >= maxPartitions) break;
    partitions += 1;
    const [from, to] = [startOf(role.from), role.to === null ? end : startOf(role.to)];
    strands.push(
      ...familiesByKind.account.map((family) => ({ subject: role.account, family, from, to, accounts: undefined })),
    );
    const held = stateOf((await loadSubject(profile, role.account)).states, account).state;
    for (const agreement of held.agreements.toReversed()) {
      if (partitions >= maxPartitions) break;
      partitions += 1;
      const [start, stop] = [startOf(agreement.from), agreement.to === null ? end : startOf(agreement.to)];
      const cut = { from: latest(start, from), to: earliest(stop, to), accounts: new Set([role.account]) };
      strands.push(...familiesByKind.premise.map((family) => ({ subject: agreement.premise, family, ...cut })));
    }
  }
  return strands;
};

const readStrand = async (
  profile: Table,
  strand: Strand,
  query: TimelineQuery,
  view: FieldView,
): Promise<readonly StoredFact[]> => {
  const from = query.from !== undefined && query.from > strand.from ? query.from : strand.from;
  const until = query.to !== undefined && query.to < strand.to ? query.to : strand.to;
  const to = query.before !== undefined && query.before < until ? query.before : until;
  if (from >= to) return [];
  const prefix = factPrefix(strand.family);
  const found: StoredFact[] = [];
  let cursor: string | undefined;
  do {
    const page = await profile.query({
      pk: subjectPartition(strand.subject),
      from: `${prefix}${from}`,
      to: `${prefix}${to}`,
      descending: true,
      limit: query.limit + 2,
      consistent: true,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const item of page.items) {
      const stored = readFact(item);
      const foreign = strand.family === 'supply' && strand.accounts?.has(stored.fact.subjects[0] ?? '') === false;
      const told = isTold(factTypes.get(stored.fact.type)?.whole ?? 'plain', stored.fact.data, view);
      if (!foreign && told && (query.before === undefined || stored.order < query.before)) found.push(stored);
    }
    cursor = page.cursor;
  } while (cursor !== undefined && found.length <= query.limit);
  return found;
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
  const ordered = facts.map(({ stored, fact }) => ({
    order: stored.order,
    fact,
    retraction: isRetraction(fact.type),
    retracted: stored.retractedBy !== undefined,
  }));
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
  stored: StoredFact,
  family: FamilyName,
  view: FieldView,
  changes: readonly Change[] = [],
) => {
  const fact = await unsealFact(sealer, stored);
  const definition = factTypes.get(fact.type);
  const shaped = shape(fact.data, strict(definition?.marks ?? {}), view);
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
      ...writtenBy(fact),
      ...(changed.length === 0 ? {} : { changes: changed.map(({ change }) => change) }),
      data: typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {},
    },
    masked: [
      ...shaped.masked.map((path) => `data.${path}`),
      ...changed.flatMap(({ masked }) => masked.map((path) => `changes[].${path}`)),
    ],
  };
};

/**
 * What happened to a customer, newest first: facts of their own and of their accounts and premises within the dates of their roles (K19),
 * as far as who asks is told of them at all.
 */
export const readTimeline = async (
  deps: TimelineDeps,
  customer: string,
  query: TimelineQuery,
  view: FieldView,
): Promise<Omit<AnswerOf<'readTimeline'>, 'next'> & { readonly next: string | null }> => {
  const wanted = new Set(query.families.length > 0 ? query.families : familyNames);
  const strands = (await strandsOf(deps.profile, customer)).filter((strand) => wanted.has(strand.family));
  const found = new Map<string, { readonly stored: StoredFact; readonly family: FamilyName }>();
  const read = await Promise.all(
    strands.map(async (strand) => ({ strand, facts: await readStrand(deps.profile, strand, query, view) })),
  );
  for (const { strand, facts } of read) {
    for (const stored of facts)
      if (!found.has(stored.fact.id)) found.set(stored.fact.id, { stored, family: strand.family });
  }
  const merged = [...found.values()].sort((a, b) => (a.stored.order < b.stored.order ? 1 : -1));
  const shown = merged.slice(0, query.limit);
  const changes = await changesOn(
    deps,
    customer,
    shown.map(({ family }) => family),
  );
  const entries = await Promise.all(
    shown.map(({ stored, family }) => entryOf(deps.sealer, stored, family, view, changes.get(stored.fact.id))),
  );
  return {
    data: entries.map((one) => one.entry),
    next: merged.length > query.limit ? (shown.at(-1)?.stored.order ?? null) : null,
    masked: [...new Set(entries.flatMap((one) => one.masked.map((path) => `data[].${path}`)))],
  };
};
