import type { FactDefinition } from '#shared/contracts/facts/definition.ts';
import { type GroundKind, groundsOf } from '#shared/contracts/facts/place-in-fold.ts';
import { optionalText, readFact, textOf, textsOf } from '#shared/profile/store/items.ts';
import { loadStored, loadSurvivor } from '#shared/profile/store/subjects.ts';
import {
  factIdKey,
  factPrefix,
  groupOf,
  orderInGroup,
  referenceKey,
  subjectKindOf,
  subjectPartition,
} from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { AwaitedThing } from './quarantine.ts';

/** The reference kind under which the ids of created things lead to their facts. */
export const idNamespace = 'rotunda';

/** The fact that made what another one names, whether or not it was taken back since. */
export interface Ground {
  /** What it made, and in which kind. */
  readonly kind: GroundKind;
  /** The fact's own id. */
  readonly fact: string;
  readonly order: string;
  readonly subjects: readonly string[];
  readonly system: string | undefined;
}

/** Grounds of a fact by the field that names each. */
export type FoundGrounds = Readonly<Record<string, Ground>>;

/** A fact that is placed and will be kept in the same commit. */
interface ToBe {
  readonly order: string;
  readonly fact: {
    readonly id: string;
    readonly entity?: string | undefined;
    readonly subjects: readonly string[];
    readonly source: { readonly system: string };
  };
}

type Place = Omit<Ground, 'kind'>;

const placeOf = async (profile: Table, fact: string): Promise<Place | undefined> => {
  const place = await profile.get(factIdKey(fact), { consistent: true });
  if (place === undefined) return undefined;
  return {
    fact,
    order: textOf(place, 'order'),
    subjects: textsOf(place, 'subjects'),
    system: optionalText(place, 'system'),
  };
};

/** What makes a thing is among the first facts of its family: so many are read at a time. */
const lookedAtOnce = 25;

const creatorInRecord = async (
  profile: Table,
  record: string,
  family: string,
  entity: string,
): Promise<Place | undefined> => {
  const place = { pk: subjectPartition(record), prefix: factPrefix(family), consistent: true, limit: lookedAtOnce };
  let cursor: string | undefined;
  do {
    const page = await profile.query(cursor === undefined ? place : { ...place, cursor });
    const found = page.items.find((item) => optionalText(item, 'entity') === entity);
    if (found !== undefined) {
      const { order, fact } = readFact(found);
      return { fact: fact.id, order, subjects: fact.subjects, system: fact.source.system };
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return undefined;
};

/** The fact that made a thing, among those of a family in some partitions. */
export const creatorIn = async (
  profile: Table,
  records: readonly string[],
  family: string,
  entity: string,
): Promise<Place | undefined> => {
  for (const record of records) {
    const found = await creatorInRecord(profile, record, family, entity);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** A customer, and the records that are one with them now. */
const recordsOfOne = async (profile: Table, customer: string): Promise<readonly string[]> => {
  const { subject, head } = await loadSurvivor(profile, await loadStored(profile, customer));
  return [subject, ...head.aliases];
};

/** Families in which things were made whose ids led nowhere before these rules. */
const familyOfOlder: Partial<Record<GroundKind, string>> = {
  agreement: 'account',
  contactPoint: 'contact',
  interaction: 'interactions',
};

/** The fact that made a thing which its id leads to; of things of a customer or account also where it was kept before ids did. */
export const creatorOf = async (
  profile: Table,
  kind: GroundKind,
  entity: string,
  subject?: string,
): Promise<Place | undefined> => {
  if (kind === 'fact') return placeOf(profile, entity);
  if (kind === 'outage') return creatorIn(profile, [entity], 'outage', entity);
  const claim = await profile.get(referenceKey(kind, { namespace: idNamespace, value: entity }), { consistent: true });
  const fact = claim === undefined ? undefined : optionalText(claim, 'fact');
  if (fact !== undefined) return placeOf(profile, fact);
  const family = familyOfOlder[kind];
  if (family === undefined || subject === undefined) return undefined;
  return creatorIn(profile, await recordsOfOne(profile, subject), family, entity);
};

const awaitedOf = (kind: GroundKind, value: string): AwaitedThing => {
  if (kind === 'fact') return { kind: 'fact', namespace: 'id', value };
  return kind === 'outage' ? { kind: 'head', namespace: 'id', value } : { kind, namespace: idNamespace, value };
};

/** What is there as long as its subject is: the commit reads that anyway, and finds its place where the fact is late. */
export const isOfSubject = (kind: GroundKind): boolean => kind === 'customer' || kind === 'servicePoint';

/**
 * The facts that made what a fact names, by its fields; what has to be waited for where one is not stored yet.
 * @param subject the record it is addressed to, where its data names one
 * @param among facts that will be kept in the same commit
 */
export const findGrounds = async (
  profile: Table,
  definition: FactDefinition,
  data: Readonly<Record<string, unknown>>,
  subject: string,
  among: readonly ToBe[],
): Promise<{ readonly grounds: FoundGrounds } | { readonly awaited: AwaitedThing }> => {
  const grounds: Record<string, Ground> = {};
  for (const [field, kind] of Object.entries(groundsOf(definition))) {
    const named = data[field];
    if (typeof named !== 'string' || isOfSubject(kind)) continue;
    const beside = among.find(({ fact }) => (kind === 'fact' ? fact.id : fact.entity) === named);
    const found =
      beside === undefined
        ? await creatorOf(profile, kind, named, subject)
        : {
            fact: beside.fact.id,
            order: beside.order,
            subjects: beside.fact.subjects,
            system: beside.fact.source.system,
          };
    if (found === undefined) return { awaited: awaitedOf(kind, named) };
    grounds[field] = { kind, ...found };
  }
  return { grounds };
};

/** Where a fact stands by its own order and those of the facts it rests on: in the latest of their groups. */
export const orderBehind = (own: string, id: string, grounds: readonly string[]): string =>
  orderInGroup([own, ...grounds].map(groupOf).sort().at(-1) ?? '', id);

/** Whether two records are one: the same, or customers that were merged. */
const isOne = async (profile: Table, subject: string, records: readonly string[]): Promise<boolean> => {
  if (records.includes(subject)) return true;
  if (subjectKindOf(subject) !== 'customer') return false;
  const own = await recordsOfOne(profile, subject);
  return records.some((record) => own.includes(record));
};

/** The first ground of a fact that is another record's than the fact's; undefined where all are its own. */
export const foreignGround = async (
  profile: Table,
  grounds: FoundGrounds,
  subjects: readonly string[],
): Promise<Ground | undefined> => {
  for (const ground of Object.values(grounds)) {
    // An undoing lies with the records of its merge, whoever these are one with by now.
    if (ground.kind === 'merge') {
      if (subjects.join(' ') !== ground.subjects.join(' ')) return ground;
      continue;
    }
    for (const subject of subjects) if (!(await isOne(profile, subject, ground.subjects))) return ground;
  }
  return undefined;
};
