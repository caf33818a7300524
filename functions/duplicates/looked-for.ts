import { numberOf, optionalText, textOf, textsOf } from '#shared/profile/store/items.ts';
import { blockKey, blockPartition, lookedForKey } from '#shared/table/keys.ts';
import type { Item, Table, Write } from '#shared/table/table.ts';
import { type KnownCustomer, readKnownCustomer } from './known-customer.ts';
import { isLostRace, mostTries } from './lost-race.ts';
import { type BlockingKey, type BlockingPass, blockingKeys, blockingPasses } from './rules/blocking-keys.ts';
import type { KnownPerson } from './rules/known-person.ts';

/** What a customer was last looked for by. */
interface LookedFor {
  readonly version: number;
  /** The person as text; undefined where there was nothing to look for. */
  readonly says: string | undefined;
  readonly keys: readonly string[];
  /** The search behind it has not ended: it may have found half. */
  readonly pending: boolean;
}

const isPass = (text: string): text is BlockingPass => blockingPasses.some((pass) => pass === text);
const textOfKey = ({ pass, value }: BlockingKey): string => `${pass} ${value}`;
const keyOfText = (text: string): readonly BlockingKey[] => {
  const cut = text.indexOf(' ');
  const pass = text.slice(0, cut);
  return isPass(pass) ? [{ pass, value: text.slice(cut + 1) }] : [];
};

const readLookedFor = async (profile: Table, customer: string): Promise<LookedFor | undefined> => {
  const item = await profile.get(lookedForKey(customer), { consistent: true });
  if (item === undefined) return undefined;
  return {
    version: numberOf(item, 'version'),
    says: optionalText(item, 'says'),
    keys: textsOf(item, 'keys'),
    pending: item.pending === true,
  };
};

const lookedForWrite = (customer: string, before: LookedFor | undefined, after: Omit<LookedFor, 'version'>): Write => {
  const item: Item = {
    ...lookedForKey(customer),
    version: (before?.version ?? 0) + 1,
    keys: after.keys,
    ...(after.says === undefined ? {} : { says: after.says }),
    ...(after.pending ? { pending: true } : {}),
  };
  return { put: item, when: before === undefined ? { kind: 'absent' } : { kind: 'version', is: before.version } };
};

/** What a record at a key says of its person: entries are compared without another read. */
export const personAt = (item: Item): KnownPerson => {
  const said: KnownPerson = JSON.parse(textOf(item, 'says'));
  return said;
};

/** How a customer stands at their keys now. */
export interface PlacedCustomer {
  readonly customer: KnownCustomer;
  readonly keys: readonly BlockingKey[];
  readonly added: readonly BlockingKey[];
  readonly removed: readonly BlockingKey[];
  /** Nothing to look for by has changed since the last search that ended. */
  readonly unchanged: boolean;
  /** Says that the search behind the keys has ended. */
  readonly done: () => Promise<void>;
}

const placeOnce = async (profile: Table, id: string): Promise<PlacedCustomer> => {
  const before = await readLookedFor(profile, id);
  const customer = await readKnownCustomer(profile, id);
  const says = customer.person === undefined ? undefined : JSON.stringify(customer.person);
  const keys = customer.person === undefined ? [] : blockingKeys(customer.person);
  const texts = keys.map(textOfKey);
  const held = before?.keys ?? [];
  const added = keys.filter((key) => !held.includes(textOfKey(key)));
  const gone = held.filter((text) => !texts.includes(text));
  const removed = gone.flatMap(keyOfText);
  if (before?.pending !== true && before?.says === says && added.length === 0 && removed.length === 0)
    return { customer, keys, added, removed, unchanged: true, done: async () => {} };

  // The list names every key that may stand before one is written, and until it is gone.
  const first = { says, keys: [...texts, ...gone], pending: true };
  await profile.commit([lookedForWrite(id, before, first)]);
  const version = (before?.version ?? 0) + 1;
  if (says !== undefined) {
    const put = before?.says === says && before.pending !== true ? added : keys;
    await profile.batchPut(put.map(({ pass, value }): Item => ({ ...blockKey(pass, value, id), says })));
  }
  if (removed.length > 0)
    await profile.commit(removed.map(({ pass, value }): Write => ({ remove: blockKey(pass, value, id) })));
  const done = () => profile.commit([lookedForWrite(id, { ...first, version }, { says, keys: texts, pending: false })]);
  return { customer, keys, added, removed, unchanged: false, done };
};

/** Brings the keys of a customer in step with their record; who comes second reads anew. */
export const placeKeys = async (profile: Table, id: string): Promise<PlacedCustomer> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await placeOnce(profile, id);
    } catch (failure) {
      if (!isLostRace(failure) || tried >= mostTries) throw failure;
    }
  }
};

/** Most records that may share a key; one that more share tells too little and would cost too much. */
export const mostHolders = 40;

/** Who stands at a key; undefined where more than are looked at. */
export const holdersOf = async (profile: Table, { pass, value }: BlockingKey): Promise<readonly Item[] | undefined> => {
  const page = await profile.query({ pk: blockPartition(pass, value), limit: mostHolders + 1, consistent: true });
  return page.items.length > mostHolders ? undefined : page.items;
};

/** Values that more customers have are agents' and landlords': they count as unknown. */
export const mostSharing = 5;

/** Whether more customers have a phone number or e-mail address than count as one household. */
export const isShared = async (profile: Table, pass: 'phone' | 'email', value: string): Promise<boolean> => {
  const page = await profile.query({ pk: blockPartition(pass, value), limit: mostSharing + 1, consistent: true });
  return page.items.length > mostSharing;
};
