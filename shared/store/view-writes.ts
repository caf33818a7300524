import { createHash } from 'node:crypto';
import { account, formerReadersOf, premisesOf, readersOf } from '#shared/domain/profile/account.ts';
import { packAccountDigest } from '#shared/domain/profile/account-digest.ts';
import {
  packContact,
  packFreshness,
  packIdentity,
  packInteractions,
  sectionPlaces,
} from '#shared/domain/profile/customer-sections.ts';
import { families, type States, stateOf } from '#shared/domain/profile/families.ts';
import { outage } from '#shared/domain/profile/outages.ts';
import { packPremiseDigest } from '#shared/domain/profile/premise-digest.ts';
import type { Head } from './items.ts';
import { accountDigestKey, formerAccountKey, premiseDigestKey, sectionKey, subjectKindOf } from './keys.ts';
import type { Item, Key, Write } from './table.ts';

/** Most customers whose view holds the digest of one account or premise (K10). */
export const maxReaders = 20;

/** Rules version that stands in every VIEW item: the sum grows whenever any family's rules do. */
export const viewRules = Object.values(families).reduce((sum, family) => sum + family.rules, 0);

const view = (key: Key, packed: Uint8Array): Item => ({ ...key, r: viewRules, b: packed });

const hashOf = (packed: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(packed).digest().subarray(0, 8));

/** What a customer's own partition shows on a local date. */
export const customerView = (subject: string, states: States, today: string): readonly Item[] => {
  const packed = [
    ...(states.has('contact') ? [{ place: sectionPlaces.contact, bytes: packContact(states) }] : []),
    ...(states.has('interactions') ? [{ place: sectionPlaces.interactions, bytes: packInteractions(states) }] : []),
    { place: sectionPlaces.freshness, bytes: packFreshness(states) },
  ];
  const version = versionOf(states);
  const identity = packIdentity(
    states,
    version,
    packed.map(({ place, bytes }) => ({ place, hash: hashOf(bytes) })),
    today,
  );
  return [
    view(sectionKey(subject, sectionPlaces.identity), identity),
    ...packed.map(({ place, bytes }) => view(sectionKey(subject, place), bytes)),
  ];
};

/** Version of a customer or account as ETags show it: how many facts its partition holds. */
export const versionOf = (states: States): number => [...states.values()].reduce((sum, held) => sum + held.count, 0);

/** Whether a section is what VIEW#0 says it is. */
export const sectionMatches = (packed: Uint8Array, hash: Uint8Array): boolean =>
  Buffer.compare(hashOf(packed), hash) === 0;

const accountView = (
  subject: string,
  states: States,
  readers: readonly string[],
  former: readonly string[],
  today: string,
) => [
  ...readers.map((reader) => view(accountDigestKey(reader, subject), packAccountDigest(states, reader, today))),
  ...former.map((reader) => view(formerAccountKey(reader, subject), packAccountDigest(states, reader, today))),
];

/** What the view items of a premise are for its readers. */
export const premiseView = (subject: string, states: States, pairs: Head['pairs'], today: string): readonly Item[] =>
  pairs.map(([customer, holder]) =>
    view(premiseDigestKey(customer, holder, subject), packPremiseDigest(states, holder, today)),
  );

/** Every VIEW and WAS item a subject's states give rise to, and the HEAD's lists that go with them. */
export interface SubjectView {
  readonly items: readonly Item[];
  readonly removed: readonly Key[];
  readonly head: Pick<Head, 'readers' | 'former' | 'premises' | 'pairs'>;
}

/**
 * @param head the HEAD as it was: who had digests
 * @param pairs readers of a premise as they are to be (placed by follow)
 */
export const renderView = (
  subject: string,
  states: States,
  head: Head,
  today: string,
  pairs = head.pairs,
): SubjectView => {
  const lists = { readers: head.readers, former: head.former, premises: head.premises, pairs };
  switch (subjectKindOf(subject)) {
    case 'customer':
      return { items: customerView(subject, states, today), removed: [], head: lists };
    case 'account': {
      const { state } = stateOf(states, account);
      const readers = readersOf(state, today).slice(0, maxReaders);
      const former = formerReadersOf(state, today).slice(-maxReaders);
      const gone = head.readers
        .filter((reader) => !readers.includes(reader))
        .map((reader) => accountDigestKey(reader, subject));
      const back = head.former
        .filter((reader) => !former.includes(reader))
        .map((reader) => formerAccountKey(reader, subject));
      return {
        items: accountView(subject, states, readers, former, today),
        removed: [...gone, ...back],
        head: { ...lists, readers, former, premises: premisesOf(state, today) },
      };
    }
    case 'premise': {
      const shown = pairs.slice(0, maxReaders);
      const gone = head.pairs
        .filter(([customer, holder]) => !shown.some(([c, a]) => c === customer && a === holder))
        .map(([customer, holder]) => premiseDigestKey(customer, holder, subject));
      return { items: premiseView(subject, states, shown, today), removed: gone, head: { ...lists, pairs: shown } };
    }
    case 'outage': {
      const premises = [...new Set(stateOf(states, outage).state.outages.map((one) => one.premise))];
      return { items: [], removed: [], head: { ...lists, premises } };
    }
    default:
      return { items: [], removed: [], head: lists };
  }
};

/** View items as writes. */
export const viewWrites = (rendered: SubjectView): readonly Write[] => [
  ...rendered.items.map((item): Write => ({ put: item })),
  ...rendered.removed.map((key): Write => ({ remove: key })),
];
