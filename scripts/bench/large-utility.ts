import { vocabularyItems } from '#functions/search/store/search.ts';
import { keepingHash, type SearchHash } from '#functions/search/store/search-hash.ts';
import type { PartyStory } from '#scripts/seed/setting.ts';
import { storyOf } from '#scripts/seed/story.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Item } from '#shared/table/table.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { type FoldedParty, foldParty } from './fold-party.ts';

export const country = 'GB';

/** Somebody who may be asked for, as the caller would say it. */
export interface Known {
  readonly customer: string;
  readonly name: string;
  readonly family: string;
  readonly phone: string;
  readonly email: string;
  readonly address: string;
  readonly postcode: string;
  readonly account: string;
}

/** A utility in memory whose views and search entries were put in bulk. */
export interface LargeUtility {
  readonly store: LevelStore;
  readonly hash: SearchHash;
  readonly today: string;
  readonly known: readonly Known[];
  readonly customers: number;
  readonly facts: number;
  readonly items: number;
}

/** Items put at once, so that they are not all held. */
const itemsAtOnce = 5000;

/** A party of one person who is still called and reached as at first. */
const knownOf = (told: PartyStory, customers: readonly string[]): readonly Known[] => {
  const [person, account, supply] = [told.people[0], told.accounts[0], told.supplies[0]];
  const [customer] = customers;
  if (person === undefined || account === undefined || supply === undefined || customer === undefined) return [];
  if (told.party.correction !== undefined || customers.length > 1 || !('family' in person.name)) return [];
  const { given = '', family } = person.name;
  const { lines, postcode = '' } = supply.place.address;
  return [
    {
      customer,
      name: `${given} ${family}`,
      family,
      phone: person.mobile,
      email: person.email,
      address: lines.join(' '),
      postcode,
      account: account.reference.value,
    },
  ];
};

export interface Telling {
  /** Name of the story's draws. */
  readonly seed: string;
  /** The story of a party as it is told here. */
  retell(told: PartyStory): PartyStory;
  /** Told of each party once it is folded. */
  onFolded(folded: FoldedParty): void;
}

const asItIs: Telling = { seed: 'bench', retell: (told) => told, onFolded: () => {} };

/** Folds the story of so many customers in memory and puts what search and view read. */
export const openLargeUtility = async (
  customers: number,
  months: number,
  { seed, retell, onFolded }: Telling = asItIs,
): Promise<LargeUtility> => {
  const today = '2026-04-01';
  const story = storyOf({ seed, customers, months, until: today, zone: 'Europe/London', currency: 'GBP' });
  const clock = { now: () => Date.parse(today) };
  const store = await openLevelStore({ clock });
  const profile = store.table('profile');
  const hash = keepingHash(createSealer({ keys: store.table('keys'), master: memoryMasterKey(), clock }));
  const deps = {
    profile,
    hash,
    contentKey: new Uint8Array(32).fill(1),
    country: 'GB' as const,
    payments: standardPaymentPolicy,
    zone: 'Europe/London',
  };
  const words = new Set<string>();
  const known: Known[] = [];
  let pending: Item[] = [];
  let [people, facts, items] = [0, 0, 0];
  const put = async (): Promise<void> => {
    await profile.batchPut(pending);
    items += pending.length;
    pending = [];
  };
  for (const party of story.cast) {
    const told = retell(story.tell(party));
    const folded = await foldParty(deps, told, today);
    pending.push(...folded.items);
    onFolded(folded);
    for (const word of folded.words) words.add(word);
    known.push(...knownOf(told, folded.customers));
    people += folded.customers.length;
    facts += folded.facts;
    if (pending.length >= itemsAtOnce) await put();
  }
  pending.push(...vocabularyItems(words));
  await put();
  return { store, hash, today, known, customers: people, facts, items };
};
