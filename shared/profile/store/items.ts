import * as z from 'zod';
import { familyNamed, familyNames } from '#functions/profile.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { Family, FoldState, ListedGroup } from '#shared/profile/rules/fold.ts';
import { nowhereElse, type ToldElsewhere } from '#shared/profile/rules/installations.ts';
import {
  factKey,
  type OrderParts,
  orderOf,
  orderOfKey,
  partName,
  partOfKey,
  stateKey,
  takenOf,
  takesKey,
} from '#shared/table/keys.ts';
import { type Item, LimitExceeded, type Value } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';

/** How the items of the profile table are laid out; see ACCESS-PATTERNS.md. Readers throw where an item is not of its kind. */

const damaged = (item: Item, what: string): Error => new Error(`item ${item.sk.slice(0, 40)} holds no ${what}`);

export const textOf = (item: Item, name: string): string => {
  const value = item[name];
  if (typeof value !== 'string') throw damaged(item, name);
  return value;
};
export const optionalText = (item: Item, name: string): string | undefined => {
  const value = item[name];
  return typeof value === 'string' ? value : undefined;
};
export const numberOf = (item: Item, name: string): number => {
  const value = item[name];
  if (typeof value !== 'number') throw damaged(item, name);
  return value;
};
export const bytesOf = (item: Item, name: string): Uint8Array => {
  const value = item[name];
  if (!(value instanceof Uint8Array)) throw damaged(item, name);
  return value;
};
export const textsOf = (item: Item, name: string): readonly string[] => {
  const value = item[name];
  return Array.isArray(value) ? value.filter((member: Value): member is string => typeof member === 'string') : [];
};

// ---- HEAD ----

/** Serialises the writes of one subject. */
export interface Head {
  readonly version: number;
  readonly published: number;
  /** Facts since the last checkpoint, by family. */
  readonly since: Readonly<Record<string, number>>;
  /** Account: customers whose view holds its digest. */
  readonly readers: readonly string[];
  /** Account: customers whose roles are over. */
  readonly former: readonly string[];
  /** Account: premises it takes service at. */
  readonly premises: readonly string[];
  /** Premise: `[customer, account]` whose view holds its digest. */
  readonly pairs: readonly (readonly [string, string])[];
  /** Premise: what is told of its meters at other premises (placed by follow). */
  readonly elsewhere: ToldElsewhere;
  /** Customer: the survivor this record was merged into; its id is another name of that one. */
  readonly aliasOf: string | undefined;
  /** Customer: every record that is one with this one and leads to it, in the order of the alphabet; an alias has none. */
  readonly aliases: readonly string[];
  /** Customer: a merge or its undoing that is under way; until `flipped`, what was shown before is shown. */
  readonly rebuilding: Rebuilding | undefined;
  /** Account: whom a role holder that was merged stands for now: alias -> survivor. */
  readonly stands: Stands;
  /** Account: a merge or undoing under way touches it; digests are kept for before and after. */
  readonly pending: { readonly id: string; readonly before: Stands } | undefined;
  /** Customer: they are being erased, or were. */
  readonly gone?: true;
}

export type Stands = Readonly<Record<string, string>>;

/** What a chunked merge or undoing needs to go on from any point; it stands with every record that others lead to. */
export interface Rebuilding {
  /** The fact that asked for it: its subjects are the records it began with. */
  readonly id: string;
  /** The new state stands and is shown; what is left is clearing away. */
  readonly flipped: boolean;
  /** Records that held others or themselves before the flip and lead to another one since. */
  readonly left: readonly string[];
}

export const emptyHead: Head = {
  version: 0,
  published: 0,
  since: {},
  readers: [],
  former: [],
  premises: [],
  pairs: [],
  elsewhere: nowhereElse,
  aliasOf: undefined,
  aliases: [],
  rebuilding: undefined,
  stands: {},
  pending: undefined,
};

const standsOf = (value: Value | undefined): Stands =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};

const memberOf = (value: Value | undefined, name: string): Value | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;

const rebuildingOf = (value: Value | undefined): Rebuilding | undefined => {
  const [id, act, alias, left] = ['id', 'act', 'alias', 'left'].map((name) => memberOf(value, name));
  if (typeof id !== 'string') return undefined;
  const flipped = memberOf(value, 'flipped') === true;
  // Marks of before 2026-12-01 tell of one alias and what becomes of it.
  if (typeof alias === 'string') return { id, flipped, left: act === 'merge' && flipped ? [alias] : [] };
  return { id, flipped, left: Array.isArray(left) ? left.filter((one) => typeof one === 'string') : [] };
};

const pendingOf = (value: Value | undefined): Head['pending'] => {
  const id = memberOf(value, 'id');
  return typeof id === 'string' ? { id, before: standsOf(memberOf(value, 'before')) } : undefined;
};

const Elsewhere = z.object({
  claims: z.array(
    z.object({
      meter: z.string(),
      servicePoint: z.string(),
      source: z.string(),
      said: z.string(),
      from: z.string(),
      to: z.string().nullable(),
    }),
  ),
  settled: z.array(
    z.object({
      thing: z.string(),
      holder: z.string(),
      said: z.string(),
      fact: z.string(),
      from: z.string(),
      to: z.string().nullable(),
    }),
  ),
});

const isNowhere = ({ claims, settled }: ToldElsewhere): boolean => claims.length + settled.length === 0;
const elsewhereValue = ({ claims, settled }: ToldElsewhere): Value => ({
  claims: claims.map((one) => ({ ...one })),
  settled: settled.map((one) => ({ ...one })),
});

const isPair = (value: Value): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'string';

export const readHead = (item: Item): Head => {
  const readers = Array.isArray(item.readers) ? item.readers : [];
  const since: Record<string, number> = {};
  if (typeof item.since === 'object' && item.since !== null) {
    for (const [family, count] of Object.entries(item.since)) if (typeof count === 'number') since[family] = count;
  }
  return {
    version: numberOf(item, 'version'),
    published: numberOf(item, 'published'),
    since,
    readers: readers.filter((reader: Value): reader is string => typeof reader === 'string'),
    former: textsOf(item, 'former'),
    premises: textsOf(item, 'premises'),
    pairs: readers.filter(isPair),
    elsewhere: item.elsewhere === undefined ? nowhereElse : Elsewhere.parse(item.elsewhere),
    aliasOf: optionalText(item, 'aliasOf'),
    aliases: [...textsOf(item, 'aliases')].sort(),
    rebuilding: rebuildingOf(item.rebuilding),
    stands: standsOf(item.stands),
    pending: pendingOf(item.pending),
    ...(item.gone === true ? { gone: true } : {}),
  };
};

/** The HEAD item of a subject. `readers` holds customers (account) or `[customer, account]` pairs (premise). */
export const writeHead = (key: { readonly pk: string; readonly sk: string }, head: Head): Item => ({
  ...key,
  version: head.version,
  published: head.published,
  ...(Object.keys(head.since).length > 0 ? { since: head.since } : {}),
  ...(head.readers.length > 0 ? { readers: head.readers } : {}),
  ...(head.pairs.length > 0 ? { readers: head.pairs } : {}),
  ...(isNowhere(head.elsewhere) ? {} : { elsewhere: elsewhereValue(head.elsewhere) }),
  ...(head.former.length > 0 ? { former: head.former } : {}),
  ...(head.premises.length > 0 ? { premises: head.premises } : {}),
  ...(head.aliasOf === undefined ? {} : { aliasOf: head.aliasOf }),
  ...(head.aliases.length > 0 ? { aliases: head.aliases } : {}),
  ...(head.rebuilding === undefined ? {} : { rebuilding: { ...head.rebuilding } }),
  ...(Object.keys(head.stands).length > 0 ? { stands: head.stands } : {}),
  ...(head.pending === undefined ? {} : { pending: { ...head.pending } }),
  ...(head.gone === true ? { gone: true } : {}),
});

// ---- FACT ----

/** A fact as one partition holds it: what is sealed lies apart. */
export interface StoredFact {
  readonly fact: Fact;
  /** Where it stands among others: its own order, or one in the group of what it names, where that came about later. */
  readonly order: string;
  readonly sealed: Uint8Array | undefined;
  readonly owner: string | undefined;
  /** Fields of data that lie in `sealed`. */
  readonly hides: readonly string[];
  /** Sequence among the published facts of the primary subject; absent in other copies. */
  readonly sequence: number | undefined;
  /** The survivor, where the primary subject was an alias when the fact was kept: `sequence` is the survivor's. */
  readonly survivor: string | undefined;
  readonly retractedBy: string | undefined;
}

type OrderedBy = Pick<Fact, 'id' | 'occurredAt' | 'source' | 'sourceSequence'>;

const orderPartsOf = (fact: OrderedBy): OrderParts => ({
  occurredAt: fact.occurredAt,
  source: fact.source.system,
  sourceSequence: fact.sourceSequence,
  id: fact.id,
});
/** Order of a fact by what it says itself. */
export const orderOfFact = (fact: OrderedBy): string => orderOf(orderPartsOf(fact));

const jsonValue = (value: unknown): Value => JSON.parse(JSON.stringify(value));

export const writeFact = (subject: string, family: FamilyName, stored: StoredFact): Item => {
  const { fact } = stored;
  return {
    ...factKey(subject, family, stored.order),
    id: fact.id,
    type: fact.type,
    system: fact.source.system,
    actor: fact.source.actor,
    event: fact.sourceEventId,
    at: fact.occurredAt,
    recorded: fact.recordedAt,
    ...(fact.day === undefined ? {} : { day: fact.day }),
    data: jsonValue(fact.data),
    subjects: fact.subjects,
    families: fact.families,
    ...(fact.sourceSequence === 0 ? {} : { seq: fact.sourceSequence }),
    ...(fact.source.channel === undefined ? {} : { channel: fact.source.channel }),
    ...(fact.correlationId === undefined ? {} : { correlation: fact.correlationId }),
    ...(fact.causationId === undefined ? {} : { causation: fact.causationId }),
    ...(fact.entity === undefined ? {} : { entity: fact.entity }),
    ...(stored.sealed === undefined ? {} : { sealed: stored.sealed }),
    ...(stored.owner === undefined ? {} : { owner: stored.owner }),
    ...(stored.hides.length === 0 ? {} : { hides: stored.hides }),
    ...(fact.verdicts === undefined ? {} : { verdicts: jsonValue(fact.verdicts) }),
    ...(stored.sequence === undefined ? {} : { n: stored.sequence }),
    ...(stored.survivor === undefined ? {} : { survivor: stored.survivor }),
    ...(stored.retractedBy === undefined ? {} : { retractedBy: stored.retractedBy }),
  };
};

const isFamily = (name: string): name is FamilyName => familyNames.some((family) => family === name);

const verdictsOf = (value: Value | undefined): Pick<Fact, 'verdicts'> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return {};
  const verdicts = Object.entries(value).flatMap(([field, held]) => {
    const verdict = memberOf(held, 'verdict');
    const codes = memberOf(held, 'codes');
    if (verdict !== 'warned' && verdict !== 'rejected') return [];
    const told = Array.isArray(codes) ? codes.filter((code: Value): code is string => typeof code === 'string') : [];
    return [[field, { verdict, codes: told }] as const];
  });
  return verdicts.length === 0 ? {} : { verdicts: Object.fromEntries(verdicts) };
};

/** Reads a FACT item; `data` still lacks what is sealed (see `unsealFact`). */
export const readFact = (item: Item): StoredFact => {
  const fact = asFact({
    id: textOf(item, 'id'),
    type: textOf(item, 'type'),
    source: { system: textOf(item, 'system'), channel: optionalText(item, 'channel'), actor: textOf(item, 'actor') },
    sourceEventId: textOf(item, 'event'),
    sourceSequence: typeof item.seq === 'number' ? item.seq : 0,
    occurredAt: textOf(item, 'at'),
    recordedAt: textOf(item, 'recorded'),
    ...(typeof item.day === 'string' ? { day: item.day } : {}),
    correlationId: optionalText(item, 'correlation'),
    causationId: optionalText(item, 'causation'),
    data: typeof item.data === 'object' && item.data !== null && !Array.isArray(item.data) ? { ...item.data } : {},
    subjects: textsOf(item, 'subjects'),
    families: textsOf(item, 'families').filter(isFamily),
    entity: optionalText(item, 'entity'),
    ...verdictsOf(item.verdicts),
  });
  return {
    fact,
    order: orderOfKey(item.sk),
    sealed: item.sealed instanceof Uint8Array ? item.sealed : undefined,
    owner: optionalText(item, 'owner'),
    hides: textsOf(item, 'hides'),
    sequence: typeof item.n === 'number' ? item.n : undefined,
    survivor: optionalText(item, 'survivor'),
    retractedBy: optionalText(item, 'retractedBy'),
  };
};

// ---- STATE and CKPT ----

/** Most bytes of a STATE's content, unless its family says more. */
export const stateBytesLimit = 32 * 1024;

const mostBytesOf = (family: FamilyName): number => {
  const { growingLimit }: Family<unknown> = familyNamed(family);
  return growingLimit === undefined ? stateBytesLimit : growingLimit + stateBytesLimit;
};

const foldContent = (family: FamilyName, held: FoldState<unknown>): Record<string, Value> => {
  const { sources, groundless, state, ofParts } = held;
  const text = JSON.stringify({ sources, groundless, state, ...(ofParts === undefined ? {} : { ofParts }) });
  const most = mostBytesOf(family);
  if (Buffer.byteLength(text) > most)
    throw new LimitExceeded(`a state holds ${Buffer.byteLength(text)} bytes, more than ${most}`);
  return { rules: held.rules, count: held.count, last: held.last, b: text };
};

export const writeState = (subject: string, family: FamilyName, held: FoldState<unknown>): Item => ({
  ...stateKey(subject, family),
  ...foldContent(family, held),
});

/** What helps to fold a part on, beside its state. */
export interface PartAid {
  /** Facts behind its last checkpoint. */
  readonly since: number;
  /** Where all its facts stand, in order; left out where they are many. */
  readonly orders?: readonly string[];
}

/** Most facts of a part that are read one by one, where one comes late. */
export const mostOrders = 12;

export const writePart = (
  subject: string,
  family: FamilyName,
  part: string,
  held: FoldState<unknown>,
  { since, orders }: PartAid,
): Item => ({
  ...stateKey(subject, partName(family, part)),
  ...foldContent(family, held),
  n: since,
  ...(orders === undefined || orders.length > mostOrders ? {} : { o: orders.toSorted() }),
});

export const readPartAid = (item: Item): PartAid => ({
  since: typeof item.n === 'number' ? item.n : 0,
  ...(item.o === undefined ? {} : { orders: textsOf(item, 'o') }),
});

/** A premise in the list of those an account takes service at, or an account in that of those a record has a role on. */
export const writeTaken = (subject: string, { group, from, until, gaps }: ListedGroup): Item => ({
  ...takesKey(subject, group, until),
  from,
  ...(gaps === undefined ? {} : { gaps }),
});
export const readTaken = (item: Item): ListedGroup => {
  const gaps = Array.isArray(item.gaps) ? item.gaps.filter(isPair) : [];
  return { ...takenOf(item.sk), from: textOf(item, 'from'), ...(gaps.length === 0 ? {} : { gaps }) };
};

export const writeCheckpoint = (
  key: { readonly pk: string; readonly sk: string },
  family: FamilyName,
  held: FoldState<unknown>,
): Item => ({ ...key, ...foldContent(family, held) });

/** Reads a STATE or CKPT item. Its text was made by `foldContent` from a state of the same family. */
export const readFoldState = (item: Item): FoldState<unknown> => {
  const content: Pick<FoldState<unknown>, 'sources' | 'groundless' | 'state' | 'ofParts'> = JSON.parse(
    textOf(item, 'b'),
  );
  return { rules: numberOf(item, 'rules'), count: numberOf(item, 'count'), last: textOf(item, 'last'), ...content };
};

/** Family and part of the STATE item of a part, by its key. */
export const partOfState = (sk: string): { readonly family: FamilyName; readonly part: string } | undefined => {
  const named = partOfKey(sk);
  return named !== undefined && isFamily(named.family) ? { family: named.family, part: named.part } : undefined;
};

/** Family of a STATE item by its key; undefined where it is that of a part. */
export const familyOfState = (item: Item): FamilyName | undefined => {
  const name = item.sk.slice('STATE#'.length);
  return isFamily(name) ? name : undefined;
};
