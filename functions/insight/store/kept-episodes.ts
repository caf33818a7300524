import { createHash } from 'node:crypto';
import * as z from 'zod';
import { channelNames } from '#functions/insight/rules/detect/channels.ts';
import type { DetectorSettings, SeriesReading } from '#functions/insight/rules/detect/detect.ts';
import type { Episode } from '#functions/insight/rules/detect/episodes.ts';
import { detectorRules } from '#functions/insight/rules/eras.ts';
import { keptEpisodesKey } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import type { PointRegister } from './told-insights.ts';

/**
 * Episodes of the weeks before a day, as they were judged when it closed. They are what judging the same readings anew comes to, and
 * hold for no others: whoever reads them names the basis they must have.
 */
export interface KeptEpisodes {
  readonly basis: string;
  readonly episodes: readonly Episode[];
}

/** What episodes follow from. */
export interface EpisodeGround {
  readonly settings: DetectorSettings;
  /** The first local date that is not over, and how many days before it are told of. */
  readonly date: string;
  readonly days: number;
  readonly readings: readonly SeriesReading[];
}

/** Stands for all that episodes follow from, rules and readings: where any of it is another, so is this. */
export const basisOf = ({ settings, date, days, readings }: EpisodeGround): string => {
  const { step, zone, wattHours = null, litres = null } = settings;
  const numbers = new Float64Array(2 * readings.length);
  readings.forEach(({ at, value }, place) => {
    numbers[2 * place] = at;
    numbers[2 * place + 1] = value;
  });
  return createHash('sha256')
    .update(JSON.stringify([detectorRules, date, days, step, zone, wattHours, litres]))
    .update(new Uint8Array(numbers.buffer))
    .digest('base64url')
    .slice(0, 22);
};

const Stored = z.object({
  basis: z.string(),
  episodes: z.string().transform((text): unknown => JSON.parse(text)),
});
const Episodes = z.array(
  z.object({
    from: z.int(),
    to: z.int(),
    reason: z.enum(channelNames).optional(),
    score: z.number(),
    readings: z.int(),
    excess: z.number(),
  }),
);

/** Episodes that are kept at most, so that an item has at most 4 kB; a home that has more of them is judged anew each time. */
export const mostEpisodesKept = 30;

/** Episodes as an item to put; undefined where there are too many to keep. As text, so that numbers stay what they are to the last bit. */
export const keptEpisodesItem = (
  { servicePoint, register }: PointRegister,
  { basis, episodes }: KeptEpisodes,
): Item | undefined =>
  episodes.length > mostEpisodesKept
    ? undefined
    : { ...keptEpisodesKey(servicePoint, register), basis, episodes: JSON.stringify(episodes) };

/** What was kept last of a register, read consistently: one Get. Undefined where there is nothing. */
export const readKeptEpisodes = async (
  readings: Table,
  { servicePoint, register }: PointRegister,
): Promise<KeptEpisodes | undefined> => {
  const item = await readings.get(keptEpisodesKey(servicePoint, register), { consistent: true });
  if (item === undefined) return undefined;
  const { basis, episodes } = Stored.parse(item);
  return { basis, episodes: Episodes.parse(episodes).map(({ reason, ...rest }) => ({ ...rest, reason })) };
};
