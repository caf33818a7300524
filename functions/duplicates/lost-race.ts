import { ConditionFailed, TransactionConflict } from '#shared/table/table.ts';

/** Somebody else wrote the same meanwhile: reading anew shows where things stand. */
export const isLostRace = (failure: unknown): boolean =>
  failure instanceof ConditionFailed || failure instanceof TransactionConflict;

/** How often a lost race is run again before the caller's own repetition takes over. */
export const mostTries = 8;
