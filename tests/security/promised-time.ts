/** One house, who lived there when, and what each may know of it: written down from the promise ("Who may see what"), not from the code. */

/** Three occupiers of the flat, one after the other, and one next door all the time. Local dates, half-open. */
export const stays = {
  former: { point: 'house', from: '2026-01-01', to: '2026-03-11' },
  own: { point: 'house', from: '2026-03-11', to: '2026-05-21' },
  next: { point: 'house', from: '2026-05-21', to: undefined },
  neighbour: { point: 'house-b', from: '2026-01-01', to: undefined },
} as const;
export type Occupier = keyof typeof stays;
export const occupiers: readonly Occupier[] = ['former', 'own', 'next', 'neighbour'];

/** What of the house something is about: its use, its meters and supply, its bills. */
export type Matter = 'use' | 'home' | 'bills';
const told: Readonly<Record<string, readonly Matter[]>> = {
  holder: ['use', 'home', 'bills'],
  joint: ['use', 'home', 'bills'],
  payer: ['bills'],
  guarantor: [],
  landlord: ['home'],
  nominee: ['home', 'bills'],
};

/** Roles on the account of an occupier: from their first day on, those of others from a day within. */
export interface Held {
  readonly account: Occupier;
  readonly role: string;
  readonly from: string;
  readonly to?: string;
}
const others = ['joint', 'payer', 'guarantor', 'landlord', 'nominee'] as const;
/** Everybody who asks; `alias` was merged into the record of `own`, `undone` was and is no longer. */
export const people: Readonly<Record<string, readonly Held[]>> = {
  ...Object.fromEntries(occupiers.map((one) => [one, [{ account: one, role: 'holder', from: stays[one].from }]])),
  ...Object.fromEntries(
    others.flatMap((role) => [
      [role, [{ account: 'own', role, from: '2026-04-01' }]],
      [`${role}-now`, [{ account: 'next', role, from: '2026-06-01' }]],
    ]),
  ),
  'joint-gone': [{ account: 'next', role: 'joint', from: '2026-06-01', to: '2026-07-01' }],
  alias: [],
  undone: [],
  stranger: [],
};
export const names: readonly string[] = Object.keys(people);
/** A family name that is part of no other. */
export const familyOf = (name: string): string => `Of${name.replace('-', '')}house`;
/** Under whose record somebody signs in. */
export const selfOf = (name: string): string => (name === 'alias' ? 'own' : name);

/** A value that stands in one thing alone: whoever reads it has been told of that thing. */
export interface Marker {
  readonly text: string;
  /** Whose record it is of; or what of the house, and on which dates. */
  readonly of:
    | { readonly record: string }
    | { readonly matter: Matter; readonly occupier: Occupier; readonly on: string };
}

/** Whether somebody may know of what a marker stands in. */
export const mayKnow = (name: string, { of }: Marker): boolean => {
  if ('record' in of) return selfOf(of.record) === selfOf(name);
  return (people[selfOf(name)] ?? []).some(
    ({ account, role, from, to }) =>
      account === of.occupier &&
      told[role]?.includes(of.matter) === true &&
      from <= of.on &&
      (to === undefined || of.on < to),
  );
};
