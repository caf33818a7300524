import { localDateAt } from '#shared/vocabulary/time.ts';
import type { Clock } from './clock.ts';

/** The utility's local date by its clock and zone. */
export const localToday =
  (clock: Clock, zone: string): (() => string) =>
  () =>
    localDateAt(zone, Math.floor(clock.now() / 1000));
