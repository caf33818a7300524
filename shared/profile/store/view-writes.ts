import { createHash } from 'node:crypto';
import { digests } from '#functions/digests.ts';
import { families, storedSections, thingsAtPremises } from '#functions/profile.ts';
import { account, formerReadersOf, readersOf, servedBy } from '#shared/profile/rules/account.ts';
import { factsCounted, type States, stateOf } from '#shared/profile/rules/states.ts';
import { identityPlace, packIdentity } from '#shared/profile/rules/view/identity-section.ts';
import { digestReader } from '#shared/profile/rules/view/other-roles.ts';
import { accountDigestKey, formerAccountKey, premiseDigestKey, sectionKey, subjectKindOf } from '#shared/table/keys.ts';
import type { Item, Key, Write } from '#shared/table/table.ts';
import type { Head, Stands } from './items.ts';

/** Most customers whose view holds the digest of one account or premise. */
export const maxReaders = 20;

/** Rules version that stands in every VIEW item: the sum grows whenever any family's rules do. */
export const viewRules = Object.values(families).reduce((sum, family) => sum + family.rules, 0);

const view = (key: Key, packed: Uint8Array): Item => ({ ...key, r: viewRules, b: packed });

const hashOf = (packed: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(packed).digest().subarray(0, 8));

/** What a customer's own partition shows on a local date. */
export const customerView = (subject: string, states: States, today: string): readonly Item[] => {
  const packed = storedSections.flatMap(({ place, pack }) => {
    const bytes = pack(states);
    return bytes === undefined ? [] : [{ place, bytes }];
  });
  const version = versionOf(states);
  const identity = packIdentity(
    states,
    version,
    packed.map(({ place, bytes }) => ({ place, hash: hashOf(bytes) })),
    today,
  );
  return [
    view(sectionKey(subject, identityPlace), identity),
    ...packed.map(({ place, bytes }) => view(sectionKey(subject, place), bytes)),
  ];
};

/** Version of a customer or account as ETags show it: how many facts it has, merges and their undoing left out. */
export const versionOf = (states: States): number =>
  [...states].reduce((sum, [family, held]) => sum + (family === 'links' ? 0 : factsCounted(held)), 0);

/** Whether a section is what VIEW#0 says it is. */
export const sectionMatches = (packed: Uint8Array, hash: Uint8Array): boolean =>
  Buffer.compare(hashOf(packed), hash) === 0;

/** Those who stand for role holders, each once, in the order of their first role. */
const standing = (holders: readonly string[], stands: Stands): readonly string[] => [
  ...new Set(holders.map((holder) => stands[holder] ?? holder)),
];

interface AccountReader {
  readonly reader: string;
  /** By which merges this digest goes. */
  readonly stands: Stands;
  /** Where a merge is under way: shown only until it is done (`x`), or only then (`p`). */
  readonly mark: { readonly x: string } | { readonly p: string } | Record<string, never>;
}

/** Readers of an account; while a merge is under way, those of before and those of after. */
const accountReaders = (holders: readonly string[], head: Head): readonly AccountReader[] => {
  const { stands, pending } = head;
  const after = standing(holders, stands);
  if (pending === undefined) return after.map((reader) => ({ reader, stands, mark: {} }));
  const before = standing(holders, pending.before);
  return [
    ...before.map((reader) => ({
      reader,
      stands: pending.before,
      mark: after.includes(reader) ? {} : { x: pending.id },
    })),
    ...after
      .filter((reader) => !before.includes(reader))
      .map((reader) => ({ reader, stands, mark: { p: pending.id } })),
  ];
};

const accountView = (subject: string, states: States, head: Head, today: string): SubjectView => {
  const { state } = stateOf(states, account);
  const holders = standing(
    state.roles.starts.map((role) => role.customer),
    {},
  );
  const readers = accountReaders(readersOf(state, today), head).slice(0, maxReaders);
  const isReader = new Set(readers.map((one) => one.reader));
  const former = accountReaders(formerReadersOf(state, today), head)
    .filter(({ reader }) => !isReader.has(reader))
    .slice(-maxReaders);
  const isFormer = new Set(former.map((one) => one.reader));
  const packed = (reader: string, stands: Stands): Uint8Array =>
    digests.account.pack(states, digestReader(holders, reader, stands), today);
  return {
    items: [
      ...readers.map(({ reader, stands, mark }) => ({
        ...view(accountDigestKey(reader, subject), packed(reader, stands)),
        ...mark,
      })),
      ...former.map(({ reader, stands, mark }) => ({
        ...view(formerAccountKey(reader, subject), packed(reader, stands)),
        ...mark,
      })),
    ],
    removed: [
      ...head.readers.filter((reader) => !isReader.has(reader)).map((reader) => accountDigestKey(reader, subject)),
      ...head.former.filter((reader) => !isFormer.has(reader)).map((reader) => formerAccountKey(reader, subject)),
    ],
    head: {
      readers: readers.map((one) => one.reader),
      former: former.map((one) => one.reader),
      premises: servedBy(states.get(account.name), today).premises,
      pairs: head.pairs,
      stands: standsOfHolders(head, holders),
    },
  };
};

/** Who is named by no role is of no concern to the account; while a merge is under way one of them may still come to be named. */
const standsOfHolders = ({ stands, pending }: Head, holders: readonly string[]): Stands =>
  pending === undefined ? Object.fromEntries(Object.entries(stands).filter(([id]) => holders.includes(id))) : stands;

/** What the view items of a premise are for its readers. */
export const premiseView = (
  subject: string,
  states: States,
  { pairs, elsewhere }: Pick<Head, 'pairs' | 'elsewhere'>,
  today: string,
): readonly Item[] =>
  pairs.map(([customer, holder]) =>
    view(premiseDigestKey(customer, holder, subject), digests.premise.pack(states, holder, today, elsewhere)),
  );

/** Every VIEW and WAS item a subject's states give rise to, and the HEAD's lists that go with them. */
export interface SubjectView {
  readonly items: readonly Item[];
  readonly removed: readonly Key[];
  readonly head: Pick<Head, 'readers' | 'former' | 'premises' | 'pairs' | 'stands'>;
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
  const { readers, former, premises, stands } = head;
  const lists = { readers, former, premises, pairs, stands };
  const kind = subjectKindOf(subject);
  switch (kind) {
    case 'customer':
      return { items: customerView(subject, states, today), removed: [], head: lists };
    case 'account':
      return accountView(subject, states, head, today);
    case 'premise': {
      const shown = pairs.slice(0, maxReaders);
      const gone = head.pairs
        .filter(([customer, holder]) => !shown.some(([c, a]) => c === customer && a === holder))
        .map(([customer, holder]) => premiseDigestKey(customer, holder, subject));
      return {
        items: premiseView(subject, states, { ...head, pairs: shown }, today),
        removed: gone,
        head: { ...lists, pairs: shown },
      };
    }
    default: {
      const thing = thingsAtPremises[kind];
      const at = thing === undefined ? lists : { ...lists, premises: thing.premises(states) };
      return { items: [], removed: [], head: at };
    }
  }
};

/** View items as writes. */
export const viewWrites = (rendered: SubjectView): readonly Write[] => [
  ...rendered.items.map((item): Write => ({ put: item })),
  ...rendered.removed.map((key): Write => ({ remove: key })),
];
