import { OwnTime } from '#shared/profile/store/own-time.ts';
import type { Table } from '#shared/table/table.ts';

/** What is a customer's own on the day on which the clock of made-up systems stands; nothing for nobody. */
export const ownTimeOf = (profile: Table, customer: string, today = '2026-11-24'): OwnTime =>
  new OwnTime(profile, customer, today);
