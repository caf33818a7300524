import { decodeFailedBatch, encodeFailedBatch } from '#shared/messaging/failed-batch.ts';
import {
  batchFolder,
  readGivenUpBatch,
  readStrandedMessage,
  ruleFolder,
  withoutRecords,
} from '#shared/messaging/given-up.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import {
  listQuarantine,
  openQuarantined,
  type QuarantineEntry,
  quarantineQueue,
  readQuarantine,
  removeEntry,
  waitingQueue,
} from './quarantine.ts';
import type { Sealer } from './seal.ts';
import type { Table } from './table.ts';

export interface ForgetKeptParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  /** Where readers of streams, feeds and buses leave what they gave up. */
  readonly givenUp: Objects;
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

/** Whether a value of JSON names one of them: an id anywhere in a text, a reference as an object or as `namespace:value`. */
const matcherOf = ({ ids, references }: Names): Matcher => {
  const written = new Set(references.map(({ namespace, value }) => `${namespace}:${value}`));
  const isReference = (value: object): boolean => {
    if (!('namespace' in value)) return false;
    const said = 'value' in value ? value.value : 'reference' in value ? value.reference : undefined;
    return written.has(`${value.namespace}:${said}`);
  };
  const names: Matcher = (value) => {
    if (typeof value === 'string') {
      if (written.has(value) || ids.some((id) => value.includes(id))) return true;
      const said = value.startsWith('{') ? parsed(value) : undefined;
      return typeof said === 'object' && names(said);
    }
    if (value instanceof Uint8Array) return namesBytes(names, value);
    if (typeof value !== 'object' || value === null) return false;
    return isReference(value) || Object.entries(value).some(([name, member]) => names(name) || names(member));
  };
  return names;
};

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

/** Whether an entry waits for something that they are called. */
const waitsFor = ({ key }: QuarantineEntry, { references }: Names): boolean =>
  references.some(({ namespace, value }) => key.pk.endsWith(`#${namespace}#${value}`));

const isTheirs = async (sealer: Sealer, names: Matcher, whom: Names, entry: QuarantineEntry): Promise<boolean> => {
  if (whom.ids.includes(entry.owner) || names(entry.detail) || names(entry.key.pk) || waitsFor(entry, whom))
    return true;
  const raw = await openQuarantined(sealer, entry);
  return raw !== undefined && namesBytes(names, raw);
};

const forgetEntries = async (parts: ForgetKeptParts, names: Matcher, whom: Names, queue: string) => {
  const imports = new Set<string>();
  let removed = 0;
  let after: string | undefined;
  do {
    const page = await listQuarantine(parts.profile, { limit: entriesTogether, after, queue });
    for (const entry of page.entries) {
      if (!(await isTheirs(parts.sealer, names, whom, entry))) continue;
      await removeEntry(parts.profile, entry);
      removed += 1;
      if (entry.detail.import !== undefined) imports.add(entry.detail.import);
    }
    after = page.next;
  } while (after !== undefined);
  return { removed, imports };
};

/** Takes some entries of quarantine out, those of them that name these; for who knows which ones may. Answers how many did. */
export const forgetEntriesOf = async (
  { profile, sealer }: Pick<ForgetKeptParts, 'profile' | 'sealer'>,
  entries: Iterable<string>,
  whom: Names,
): Promise<number> => {
  const names = matcherOf(whom);
  let removed = 0;
  for (const id of entries) {
    const entry = await readQuarantine(profile, id);
    if (entry === undefined || !(await isTheirs(sealer, names, whom, entry))) continue;
    await removeEntry(profile, entry);
    removed += 1;
  }
  return removed;
};

/** What is left of an object without what names them; undefined where nothing of it does, `nothing` where all goes. */
const leftOf = (name: string, bytes: Uint8Array, names: Matcher): Uint8Array | 'nothing' | undefined => {
  if (name.startsWith('failures/')) {
    const batch = decodeFailedBatch(bytes);
    const records = batch.records.filter(({ entry }) => !names(entry));
    if (records.length === batch.records.length) return undefined;
    return records.length === 0 ? 'nothing' : encodeFailedBatch({ ...batch, records });
  }
  if (name.startsWith(batchFolder) && readGivenUpBatch(bytes) !== undefined) return withoutRecords(bytes, names);
  const message = name.startsWith(ruleFolder) ? readStrandedMessage(bytes) : undefined;
  return namesBytes(names, message?.payload ?? bytes) ? 'nothing' : undefined;
};

/** Objects in which records lie that were given up: of one machine, and of AWS. */
const folders = ['failures/', 'dead-letters/', batchFolder, ruleFolder] as const;

const forgetObjects = async (objects: Objects, names: Matcher): Promise<number> => {
  let removed = 0;
  for (const folder of folders)
    for (const name of await objects.list(folder)) {
      const bytes = await objects.get(name);
      const left = bytes === undefined ? undefined : leftOf(name, bytes, names);
      if (left === undefined) continue;
      // First out, with its earlier versions: what is put then is all there is.
      await objects.remove(name);
      if (left !== 'nothing') await objects.put(name, left);
      removed += 1;
    }
  return removed;
};

/**
 * Takes out what waits, what is in quarantine and what readers gave up, where it names these records, by id or by what other systems
 * call them, or is sealed under their key. Of a batch that was given up the records of others stay. It reads all that is kept so, and
 * may be stopped anywhere and called again.
 */
export const forgetKeptOf = async (parts: ForgetKeptParts, whom: Names): Promise<Forgotten> => {
  const names = matcherOf(whom);
  const waiting = await forgetEntries(parts, names, whom, waitingQueue);
  const refused = await forgetEntries(parts, names, whom, quarantineQueue);
  const objects = await forgetObjects(parts.givenUp, names);
  return {
    removed: waiting.removed + refused.removed + objects,
    imports: [...new Set([...waiting.imports, ...refused.imports])].sort(),
  };
};
