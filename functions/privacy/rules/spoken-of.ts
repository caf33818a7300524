import { nobody, row, type SpokenRow } from '#shared/access/spoken.ts';

/** What facts of erasing people speak of. */
export const erasureSpoken: readonly SpokenRow[] = [
  // What staff ask of one another; who asked for their erasure is told by a letter, and who was erased has no sign-in.
  row('customer.erasure.requested.v1', nobody),
  row('customer.erasure.declined.v1', nobody),
  row('customer.erasure.approved.v1', nobody),
  row('customer.erasure.completed.v1', nobody),
];
