import * as z from 'zod';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import type { GivenUp } from '#shared/messaging/ports.ts';
import { waitingPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { isNamingCustomer } from './erased-owners.ts';
import {
  listQuarantine,
  openQuarantined,
  type QuarantineEntry,
  quarantineQueue,
  removeEntry,
  waitingQueue,
} from './quarantine.ts';
import type { Sealer } from './seal.ts';

export interface ForgetKeptParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  /** Where readers of streams, feeds and buses leave what they gave up. */
  readonly givenUp: GivenUp;
}

/** Whom what is kept may name: ids of records of theirs, and what other systems call these. */
export interface Names {
  readonly ids: readonly string[];
  readonly references: readonly Reference[];
}

export interface Forgotten {
  /** Entries, and objects that were taken out or of which a part was. */
  readonly removed: number;
  /** Imports of whose rows some were among them. */
  readonly imports: readonly string[];
}

const entriesTogether = 100;

type Matcher = (value: unknown) => boolean;

/**
 * Whether a value of JSON names one of them: an id anywhere in a text, a reference as an object or as `namespace:value`. In the data
 * of a fact of a known type a reference counts where that type names customers alone: an account may bear the same number.
 */
const matcherOf = ({ ids, references }: Names): Matcher => {
  const written = new Set(references.map(({ namespace, value }) => `${namespace}:${value}`));
  const isReference = (value: object): boolean => {
    if (!('namespace' in value)) return false;
    const said = 'value' in value ? value.value : 'reference' in value ? value.reference : undefined;
    return written.has(`${value.namespace}:${said}`);
  };
  const isAnyIn = (value: object, names: Matcher): boolean =>
    Object.entries(value).some(([name, member]) => names(name) || names(member));
  const hasId: Matcher = (value) => {
    if (typeof value === 'string') return ids.some((id) => value.includes(id));
    return typeof value === 'object' && value !== null && isAnyIn(value, hasId);
  };
  const names: Matcher = (value) => {
    if (typeof value === 'string') {
      if (written.has(value) || ids.some((id) => value.includes(id))) return true;
      const said = value.startsWith('{') ? parsed(value) : undefined;
      return typeof said === 'object' && names(said);
    }
    if (value instanceof Uint8Array) return namesBytes(names, value);
    if (typeof value !== 'object' || value === null) return false;
    const fact = FactOfType.safeParse(value).data;
    const definition = fact === undefined ? undefined : factTypes.get(fact.type);
    if (fact === undefined || definition === undefined) return isReference(value) || isAnyIn(value, names);
    const { data, ...rest } = fact;
    const isOfCustomers = ([field, said]: readonly [string, unknown]): boolean =>
      isNamingCustomer(definition, field) && names(said);
    return isAnyIn(rest, names) || hasId(data) || Object.entries(data).some(isOfCustomers);
  };
  return names;
};

/** A fact as it was sent or is stored. */
const FactOfType = z.looseObject({ type: z.string(), data: z.record(z.string(), z.unknown()) });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Bytes as they came: JSON, lines of JSON, or anything else. */
const namesBytes = (names: Matcher, bytes: Uint8Array): boolean => {
  const text = Buffer.from(bytes).toString('utf8');
  return names(parsed(text)) || text.split('\n').some((line) => names(parsed(line)));
};

/** Whether an entry waits for a customer that is called as they are. */
const waitsFor = ({ key }: QuarantineEntry, { references }: Names): boolean =>
  references.some((reference) => key.pk === waitingPartition('customer', reference.namespace, reference.value));

const isTheirs = async (sealer: Sealer, names: Matcher, whom: Names, entry: QuarantineEntry): Promise<boolean> => {
  if (whom.ids.includes(entry.owner) || names(entry.detail) || names(entry.key.pk) || waitsFor(entry, whom))
    return true;
  const raw = await openQuarantined(sealer, entry);
  return raw !== undefined && namesBytes(names, raw);
};

/** Takes the entries of a queue out of which something holds. */
const forgetWhere = async (
  profile: Table,
  queue: string,
  holds: (entry: QuarantineEntry) => Promise<boolean>,
): Promise<Forgotten> => {
  const imports = new Set<string>();
  let removed = 0;
  let after: string | undefined;
  do {
    const page = await listQuarantine(profile, { limit: entriesTogether, after, queue });
    for (const entry of page.entries) {
      if (!(await holds(entry))) continue;
      await removeEntry(profile, entry);
      removed += 1;
      if (entry.detail.import !== undefined) imports.add(entry.detail.import);
    }
    after = page.next;
  } while (after !== undefined);
  return { removed, imports: [...imports] };
};

/** Rows of a file as they are kept: a line of JSON for each part, of which one may be parted over two entries. */
const RowsLine = z.looseObject({
  intervals: z.array(z.looseObject({ start: z.number() })).optional(),
  reads: z.array(z.looseObject({ at: z.number() })).optional(),
});

/** Whether a line of rows tells of these times; one that says none may. */
const tellsOf = (line: unknown, within: readonly Range[]): boolean => {
  const rows = RowsLine.safeParse(line);
  const times = rows.success
    ? [...(rows.data.intervals ?? []).map(({ start }) => start), ...(rows.data.reads ?? []).map(({ at }) => at)]
    : [];
  return times.length === 0 || times.some((at) => within.some(({ from, to }) => from <= at && at < to));
};

/**
 * Takes rows of files out of quarantine that name some meters or points and tell of some times, in Unix seconds.
 * @param before called with the import of such rows before they go: who was stopped knows it from them still
 */
export const forgetRowsOf = async (
  { profile, sealer }: Pick<ForgetKeptParts, 'profile' | 'sealer'>,
  whom: Names,
  within: readonly Range[],
  before: (importId: string) => Promise<void>,
): Promise<void> => {
  const names = matcherOf(whom);
  await forgetWhere(profile, quarantineQueue, async (entry) => {
    const raw = entry.kind === 'rows' ? await openQuarantined(sealer, entry) : undefined;
    if (raw === undefined) return false;
    const lines = Buffer.from(raw)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map(parsed);
    if (!lines.some((line) => names(line) && tellsOf(line, within))) return false;
    if (entry.detail.import !== undefined) await before(entry.detail.import);
    return true;
  });
};

/**
 * Takes out what waits, what is in quarantine and what readers gave up, where it names these records, by id or by what other systems
 * call them, or is sealed under their key. Of a batch that was given up the records of others stay. It reads all that is kept so, and
 * may be stopped anywhere and called again.
 */
export const forgetKeptOf = async (parts: ForgetKeptParts, whom: Names): Promise<Forgotten> => {
  const names = matcherOf(whom);
  const theirs = (entry: QuarantineEntry): Promise<boolean> => isTheirs(parts.sealer, names, whom, entry);
  const waiting = await forgetWhere(parts.profile, waitingQueue, theirs);
  const refused = await forgetWhere(parts.profile, quarantineQueue, theirs);
  const objects = await parts.givenUp.forget(names);
  return {
    removed: waiting.removed + refused.removed + objects,
    imports: [...new Set([...waiting.imports, ...refused.imports])].sort(),
  };
};
