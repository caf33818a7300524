import * as z from 'zod';
import { isZone } from './zones.ts';

/** A zone that this machine knows. */
export const ZoneName = z.string().min(1).max(64).refine(isZone, 'is no IANA zone and no offset such as +10:00');
