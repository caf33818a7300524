import { type CustomerName, identity, profileHoldsUntil, profileOn } from '#shared/profile/rules/identity.ts';
import { type AccountCounts, accountCounts, firstRoleOf } from '#shared/profile/rules/roles-read.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { CustomerKind } from '#shared/vocabulary/statuses.ts';
import { ByteReader, ByteWriter, cutText, packWithin } from './packed.ts';
import { packBudgets } from './view-budgets.ts';

/** Its place among the sections of a customer's view: it comes first, and says what the others are. */
export const identityPlace = 0;

export interface IdentityView {
  readonly kind: CustomerKind;
  readonly name: string | null;
  readonly erased: boolean;
  readonly language: string | null;
  readonly since: string | null;
  /** How many facts the customer's own partition holds. */
  readonly version: number;
  /** First day of the customer's first role on any account, which may be yet to come. */
  readonly firstRole: string | null;
  /** Accounts that were not over when it was written, by the records of the customer. */
  readonly accounts: AccountCounts;
  /** First local date on which time alone may have changed who they are: from then on the state is read. */
  readonly holdsUntil: string | null;
  /** First 8 bytes of SHA-256 of each other section, by its place. */
  readonly hashes: readonly { readonly place: number; readonly hash: Uint8Array }[];
}

/** A name as it is shown: "Ms Amara Okafor", "Harbour Bakery Ltd". */
export const shownName = ({ name }: { readonly name: CustomerName | null }): string | null => {
  if (name === null || isErased(name)) return null;
  if ('organisation' in name) return name.organisation;
  return [name.title, name.given, name.family].filter((part) => part !== undefined).join(' ');
};

/** Most months of which it is told how many accounts end in each, the latest; those before count with the first of them. */
const mostMonths = 6;

const monthNumber = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
const monthOf = (count: number): string =>
  `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;

const writeCounts = (writer: ByteWriter, { open, ending }: AccountCounts): ByteWriter => {
  const kept = 1 - mostMonths;
  const months = ending.length <= mostMonths ? ending : [togetherOf(ending.slice(0, kept)), ...ending.slice(kept)];
  return writer.whole(open).list(months, ([month, count]) => {
    writer.whole(monthNumber(month)).whole(count);
  });
};

/** Months as one: until the last of them is over, all count. */
const togetherOf = (months: AccountCounts['ending']): AccountCounts['ending'][number] => [
  months.at(-1)?.[0] ?? '',
  months.reduce((sum, [, count]) => sum + count, 0),
];

const readCounts = (reader: ByteReader): AccountCounts => ({
  open: reader.whole(),
  ending: reader.list(() => [monthOf(reader.whole()), reader.whole()] as const),
});

/** @param today local date: pins end and ranks age with it */
export const packIdentity = (
  states: States,
  version: number,
  hashes: IdentityView['hashes'],
  today: string,
): Uint8Array => {
  const { state } = stateOf(states, identity);
  const profile = profileOn(state, today);
  const name = shownName(profile);
  const pack = (nameBytes: number) => () => {
    const writer = new ByteWriter()
      .whole(CustomerKind.options.indexOf(profile.kind))
      .whole(isErased(profile.name) ? 2 : name === null ? 0 : 1)
      .text(cutText(name ?? '', nameBytes))
      .text(profile.language ?? '')
      .optionalDate(profile.since)
      .whole(version)
      .optionalDate(firstRoleOf(states));
    return writeCounts(writer, accountCounts(states))
      .optionalDate(profileHoldsUntil(state, today))
      .list(hashes, () => {});
  };
  const withHashes = (nameBytes: number) => () => {
    const writer = pack(nameBytes)();
    for (const { place, hash } of hashes) writer.whole(place).raw(hash);
    return writer.bytes();
  };
  return packWithin(packBudgets.identity, [withHashes(400), withHashes(160)]);
};

export const readIdentity = (bytes: Uint8Array): IdentityView => {
  const reader = new ByteReader(bytes);
  const kind = CustomerKind.options[reader.whole()] ?? 'person';
  const named = reader.whole();
  const name = reader.text();
  const language = reader.text();
  const since = reader.optionalDate();
  const version = reader.whole();
  const firstRole = reader.optionalDate();
  const accounts = readCounts(reader);
  const holdsUntil = reader.optionalDate();
  const hashes = reader
    .list(() => ({ place: 0, hash: new Uint8Array() }))
    .map(() => ({ place: reader.whole(), hash: reader.raw(8) }));
  return {
    kind,
    name: named === 1 ? name : null,
    erased: named === 2,
    language: language === '' ? null : language,
    since,
    version,
    firstRole,
    accounts,
    holdsUntil,
    hashes,
  };
};
