import { customersOfDuplicate } from './duplicates/store/duplicates.ts';

/** Whom something is about that has no record of its own, by its kind. */
export const parties = { duplicate: customersOfDuplicate } as const;
