import { writeReference } from '#shared/vocabulary/references.ts';
import type { StoryOptions } from './calendar.ts';
import { lanternDoors, type Party } from './cast.ts';
import { calledName, type Person } from './people.ts';
import type { PartyStory } from './setting.ts';
import type { Story } from './story.ts';
import { storyOf } from './story.ts';

/** Somebody in the story worth looking at, by references that routes and commands take. */
export interface Character {
  /** What they are an example of, e.g. `joint-holders`. */
  readonly key: string;
  readonly customers: readonly string[];
  readonly names: readonly string[];
  readonly accounts: readonly string[];
  readonly premises: readonly string[];
  readonly servicePoints: readonly string[];
  readonly phone: string;
  readonly address: string;
  readonly text: string;
}

/** Who is worth looking at, by the number of their first customer; the same whatever the seed's name. */
const characters: readonly { readonly number: number; readonly key: string; readonly text: string }[] = [
  { number: 1, key: 'household', text: 'A family with electricity and gas that pays by direct debit.' },
  { number: 2, key: 'joint-holders', text: 'Two who hold one account together.' },
  { number: 4, key: 'change-of-occupier', text: 'One moves out, the next moves in; the meter stays.' },
  { number: 6, key: 'house-move', text: 'A family that moves house and takes its account along.' },
  { number: 7, key: 'landlord', text: 'A landlord with twelve flats, an account for each.' },
  { number: 8, key: 'multi-site', text: 'A business with eight sites, an account for each.' },
  { number: 9, key: 'solar', text: 'A home with panels and a car: a reverse register beside the forward one.' },
  { number: 10, key: 'late-payer', text: 'Pays late, in part, and not at all in the last two months.' },
  { number: 11, key: 'reversed-payment', text: 'The bank took one payment back; it was paid again by card.' },
  { number: 12, key: 'meter-exchange', text: 'The meter was exchanged on a working morning.' },
  { number: lanternDoors.first, key: 'outage-street', text: 'Lantern Row, dark for an evening near midwinter.' },
  { number: 14, key: 'bill-sent-twice', text: 'One bill was sent twice and the second taken back.' },
  { number: 15, key: 'new-email', text: 'Changed the e-mail address on the portal.' },
  { number: 16, key: 'bill-put-right', text: 'One bill had a wrong amount, was taken back and issued anew.' },
  { number: 17, key: 'new-name', text: 'Took a new family name.' },
  { number: 18, key: 'misspelt', text: 'Billing has a second record with two letters of the name changed round.' },
  { number: 19, key: 'moved', text: 'Billing has a second record from before the move.' },
  { number: 20, key: 'twin', text: 'A twin lives at the same address; somebody has told the two apart.' },
  { number: 21, key: 'married', text: 'Billing has a second record with the name from before the wedding.' },
  { number: 22, key: 'namesake', text: 'Father and son of one name, at one address.' },
  { number: 23, key: 'disputed', text: 'Was merged with a father or son of the same name; the merge was undone.' },
  {
    number: 24,
    key: 'meter-in-dispute',
    text: 'A file names the electricity meter at another door; nobody has settled where it is.',
  },
];

const phoneOf = (person: Person | undefined): string => person?.mobile ?? '';

const characterOf = (
  { people, accounts, supplies }: Pick<PartyStory, 'people' | 'accounts' | 'supplies'>,
  key: string,
  text: string,
): Character => ({
  key,
  customers: people.map((person) => writeReference(person.reference)),
  names: people.map(calledName),
  accounts: accounts.map((account) => writeReference(account.reference)),
  premises: supplies.map(({ place }) => writeReference(place.reference)),
  servicePoints: supplies.flatMap(({ points }) => points.map((point) => writeReference(point.reference))),
  phone: phoneOf(people[0]),
  address: [
    ...(supplies[0]?.place.address.lines ?? []),
    supplies[0]?.place.address.town,
    supplies[0]?.place.address.postcode,
  ]
    .filter((part) => part !== undefined)
    .join(', '),
  text,
});

/** The parties that live in the street that goes dark. */
export const lanternRow = (story: Story): readonly Party[] =>
  story.cast.filter((party) => party.lanternDoor !== undefined);

/** Who is who in the seeded utility, for guides, tests and the console. Those whom a small utility does not have are left out. */
export const describeStory = (options: StoryOptions): readonly Character[] => {
  const story = storyOf(options);
  return characters.flatMap(({ number, key, text }) => {
    const party = story.cast.find((one) => one.number === number);
    if (party === undefined) return [];
    if (key !== 'outage-street') return [characterOf(story.tell(party), key, text)];
    const street = lanternRow(story).map((one) => story.tell(one));
    const all = {
      people: street.flatMap(({ people }) => people),
      accounts: street.flatMap(({ accounts }) => accounts),
      supplies: street.flatMap(({ supplies }) => supplies),
    };
    return [characterOf(all, key, text)];
  });
};
