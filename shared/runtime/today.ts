import { localDateAt } from '#shared/vocabulary/time.ts';
import type { Clock } from './clock.ts';

/** The utility's local date by its clock and zone, or at an instant in milliseconds. */
export const localToday =
  (clock: Clock, zone: string): ((at?: number) => string) =>
  (at = clock.now()) =>
    localDateAt(zone, Math.floor(at / 1000));
