import type { PersonRow } from '#functions/duplicates/rules/person-columns.ts';

/** A fixed sequence of numbers from 0 to 1 (mulberry32). */
export const drawn = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
};

const givenNames =
  'Olivia Jack Amelia Harry Isla George Emily Oscar Ava Charlie Lily Thomas Mia Noah Sophie William Grace James Ella Leo Chloe Ethan Lucy Daniel Hannah Samuel Alice Joseph Ruby Edward Freya Henry Daisy Arthur Evie Max Phoebe Adam Jessica Benjamin Molly Nathan Megan Luke Holly Ryan Zoe Callum Laura Connor Rachel Liam Naomi Dylan Claire Marcus Helen Peter Diane Ian Janet Colin Moira Stuart Priya Arjun Fatima Omar Mei Wei Ingrid Lars Chiara Marco'.split(
    ' ',
  );
const familyNames =
  'Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Khan Lewis Hughes Edwards Harris Cooper Ward Turner Morgan Baker Campbell Bell Murphy Bailey Kelly Begum Shaw Marshall Collins Hunt Palmer Owen Barnes Knight Lloyd Butler Russell Barker Fisher Stevens Jenkins Murray Dixon Harvey Pearson Graham Fletcher Gibson Howard Andrews Reynolds Ford Hamilton Simpson Foster Okafor Nowak Rossi Schmidt Larsen Novak Kowalski Singh Ahmed Hussain'.split(
    ' ',
  );
const streetNames =
  'Quay Mill Church Station Victoria Albert Orchard Chapel School Bridge Garden Park Castle Harbour Meadow Willow Elm Beech Rowan Hazel Abbey Priory Market Tanner Weaver Cooper Forge Kiln Quarry Ferry'.split(
    ' ',
  );
const streetKinds = ['Street', 'Road', 'Lane', 'Close', 'Avenue', 'Terrace'];
const towns = ['Saltmouth', 'Westerby', 'Kingsferry', 'Oldmarket', 'Northwick', 'Elmstead', 'Harrowgate', 'Brackley'];

/** Earlier ones more often, about as names are. */
const skewed = <T>(all: readonly T[], next: () => number): T => {
  const item = all[Math.floor(all.length * next() ** 2)];
  if (item === undefined) throw new RangeError('nothing to draw from');
  return item;
};

const digits = (next: () => number, count: number): string =>
  Array.from({ length: count }, () => String(Math.floor(next() * 10))).join('');
const two = (value: number): string => String(value).padStart(2, '0');

export const drawnDate = (next: () => number, from: number, to: number): string =>
  `${from + Math.floor(next() * (to - from))}-${two(1 + Math.floor(next() * 12))}-${two(1 + Math.floor(next() * 28))}`;

const addressOf = (next: () => number): PersonRow => {
  const town = Math.floor(next() * towns.length);
  return {
    number: String(1 + Math.floor(next() * 120)),
    street: `${skewed(streetNames, next)} ${skewed(streetKinds, next)}`,
    town: towns[town] ?? '',
    postcode: `ZZ${town + 1} ${Math.floor(next() * 10)}${'ABDEFGHJ'.charAt(Math.floor(next() * 8))}${'LNPQRSTU'.charAt(Math.floor(next() * 8))}`,
  };
};

const personAt = (address: PersonRow, family: string, next: () => number): PersonRow => {
  const given = skewed(givenNames, next);
  const maybe = (share: number, value: string): string => (next() < share ? value : '');
  return {
    ...address,
    given,
    family,
    birthDate: maybe(0.85, drawnDate(next, 1930, 2004)),
    phone: maybe(0.8, `07700 ${digits(next, 6)}`),
    email: maybe(0.6, `${given}.${family}${digits(next, 2)}@example.com`.toLowerCase()),
  };
};

const household = (next: () => number): readonly PersonRow[] => {
  const address = addressOf(next);
  const family = skewed(familyNames, next);
  const first = personAt(address, family, next);
  const size = next() < 0.6 ? 1 : 2 + Math.floor(next() * 2);
  const members = [first];
  while (members.length < size) {
    const other = personAt(address, next() < 0.75 ? family : skewed(familyNames, next), next);
    if (members.some(({ given }) => given === other.given)) continue;
    members.push(next() < 0.3 ? { ...other, phone: first.phone ?? '' } : other);
  }
  return members;
};

/** One letter wrong. */
const slipped = (text: string, next: () => number): string => {
  const at = Math.floor(next() * Math.max(1, text.length - 1));
  const kind = next();
  if (kind < 0.4) return `${text.slice(0, at)}${text.charAt(at + 1)}${text.charAt(at)}${text.slice(at + 2)}`;
  if (kind < 0.7) return text.slice(0, at) + text.slice(at + 1);
  return `${text.slice(0, at)}${String.fromCharCode(97 + Math.floor(next() * 26))}${text.slice(at + 1)}`;
};

const again = (person: PersonRow, next: () => number): PersonRow => {
  const moved = next() < 0.25 ? addressOf(next) : {};
  const copy: Record<string, string> = { ...person, ...moved };
  for (const field of Object.keys(copy)) {
    const value = copy[field] ?? '';
    if (next() < 0.08) copy[field] = '';
    else if (next() < 0.12 && value.length > 3) copy[field] = slipped(value, next);
  }
  return copy;
};

/** Customers of a made-up utility, their households, and `share` of them entered once more with slips; `truth` tells who is who. */
export const madeUpCustomers = (
  households: number,
  share: number,
  seed: number,
): { readonly rows: readonly PersonRow[]; readonly truth: readonly string[] } => {
  const next = drawn(seed);
  const people = Array.from({ length: households }, () => household(next)).flat();
  const doubles = people.flatMap((person, place) => (next() < share ? [{ row: again(person, next), place }] : []));
  return {
    rows: [...people, ...doubles.map(({ row }) => row)],
    truth: [...people.map((_, place) => String(place)), ...doubles.map(({ place }) => String(place))],
  };
};
