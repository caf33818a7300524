import * as z from 'zod';
import { readFact, textOf, textsOf } from '#shared/profile/store/items.ts';
import { readMeter } from '#shared/profile/store/meters.ts';
import { factIdKey, factKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { localDateAt, midnightBefore, secondsOf } from '#shared/vocabulary/time.ts';
import type { CorrectionPlace } from './store/made-blocks.ts';

/** A correction that somebody made; `from` and `to` in Unix seconds. */
export interface KeptCorrection extends CorrectionPlace, Range {
  readonly servicePoint: string;
  /** Whether nobody has taken it back. */
  readonly stands: boolean;
}

const Made = z.object({
  servicePoint: z.string(),
  meter: z.string(),
  register: z.string(),
  start: z.string(),
  interval: z.int(),
  values: z.array(z.unknown()),
  revision: z.int(),
});

/** The correction that a fact tells of; undefined where it tells of none. */
export const readCorrection = async (
  { profile }: { readonly profile: Table },
  fact: string,
): Promise<KeptCorrection | undefined> => {
  const place = await profile.get(factIdKey(fact), { consistent: true });
  const subject = place === undefined ? undefined : textsOf(place, 'subjects')[0];
  if (place === undefined || subject === undefined || textOf(place, 'type') !== 'metering.correction.made.v1')
    return undefined;
  const item = await profile.get(factKey(subject, 'metering', textOf(place, 'order')), { consistent: true });
  const made = item === undefined ? undefined : readFact(item);
  if (made === undefined) return undefined;
  const { servicePoint, meter, register, start, interval, values, revision } = Made.parse(made.fact.data);
  const zone = (await readMeter(profile, meter))?.registers.find(({ id }) => id === register)?.zone;
  if (zone === undefined) return undefined;
  const from = secondsOf(start);
  const block = {
    date: localDateAt(zone, from).replaceAll('-', ''),
    startMinute: (from - midnightBefore(zone, from)) / 60,
    completeDay: false,
  };
  const to = from + values.length * interval;
  return { servicePoint, meter, register, block, revision, from, to, stands: made.retractedBy === undefined };
};
