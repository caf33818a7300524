import type { ListedFunction } from './definition.ts';

/** Functions that write tokens: each stands with the pool of the people it is for. */
export const signInFunctions = {
  'sign-in': {
    stack: 'stateful',
    description: 'writes into tokens which customer or machine signs in',
    memoryMb: 256,
    seconds: 5,
    runs: ['sign-in.token'],
    rights: [],
    on: { name: { by: 'sign-in', of: 'customers' } },
  },
  'sign-in-staff': {
    stack: 'stateful',
    description: 'writes into tokens which roles staff have',
    memoryMb: 256,
    seconds: 5,
    runs: ['sign-in.token'],
    rights: [],
    on: { name: { by: 'sign-in', of: 'staff' } },
  },
} as const satisfies Readonly<Record<string, ListedFunction>>;
