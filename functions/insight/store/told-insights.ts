import * as z from 'zod';
import type { ToldInsight } from '#functions/insight/rules/told-insights.ts';
import { toldInsightKey, toldInsightPartition, toldInsightPrefix, toldInsightsOf } from '#shared/table/keys.ts';
import type { Item, Table, Write } from '#shared/table/table.ts';
import { InsightStanding, InsightState, ToldInsightKind } from '#shared/vocabulary/insights.ts';

/** A register of a service point, over all meters that measured it. */
export interface PointRegister {
  readonly servicePoint: string;
  readonly register: string;
}

/** What was told as it is kept; `version` counts its writes. */
export type StoredInsight = PointRegister & ToldInsight & { readonly version: number };

const Stored = z.object({
  version: z.int().min(1),
  kind: ToldInsightKind,
  from: z.int(),
  to: z.int(),
  headline: z.string(),
  text: z.string(),
  value: z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.array(z.string())])),
  standing: InsightStanding,
  state: InsightState,
  foundAt: z.int(),
  at: z.int(),
  expires: z.string(),
});

/** Id of what was told: the same cause has the same. */
export const insightIdOf = ({
  servicePoint,
  register,
  kind,
  from,
}: PointRegister & Pick<ToldInsight, 'kind' | 'from'>) => `${servicePoint}.${register}.${kind}.${from}`;

/** Event id of the fact that a write of an insight amounts to. */
export const insightEvent = (one: Parameters<typeof insightIdOf>[0] & Pick<StoredInsight, 'version'>): string =>
  `insights:${insightIdOf(one)}:${one.version}`;

/** Reads an item of what was told, e.g. from the table's feed; undefined where it is none. */
export const toldInsightOf = (item: Item): StoredInsight | undefined => {
  const place = toldInsightsOf(item.pk);
  return place === undefined ? undefined : { ...place, ...Stored.parse(item) };
};

/** How many are looked at, the latest first: about three years of an ordinary home. */
const mostLookedAt = 50;

/** The latest that was told of a register, read consistently, the latest beginning first: one query. */
export const readToldInsights = async (
  readings: Table,
  { servicePoint, register }: PointRegister,
): Promise<readonly StoredInsight[]> => {
  const pk = toldInsightPartition(servicePoint, register);
  const query = { pk, prefix: toldInsightPrefix, descending: true, limit: mostLookedAt, consistent: true };
  const { items } = await readings.query(query);
  return items.flatMap((item) => toldInsightOf(item) ?? []);
};

const insightName = /^(svp_[0-9A-Z]{26})\.([A-Za-z0-9]{1,8})\.([a-z-]{1,40})\.([0-9]{1,10})$/;

/** What was told by its id, read consistently; undefined where there is none. */
export const readToldInsight = async (readings: Table, id: string): Promise<StoredInsight | undefined> => {
  const [, servicePoint, register, kind, from] = insightName.exec(id) ?? [];
  if (servicePoint === undefined || register === undefined || kind === undefined) return undefined;
  const item = await readings.get(toldInsightKey(servicePoint, register, Number(from), kind), { consistent: true });
  return item === undefined ? undefined : toldInsightOf(item);
};

/** Puts what is told as it is now where nobody wrote it since it was read. */
export const toldInsightWrite = (
  { servicePoint, register }: PointRegister,
  { kind, from, to, headline, text, value, standing, state, foundAt, at, expires }: ToldInsight,
  before: StoredInsight | undefined,
): Write => ({
  in: 'readings',
  put: {
    ...toldInsightKey(servicePoint, register, from, kind),
    version: (before?.version ?? 0) + 1,
    kind,
    from,
    to,
    headline,
    text,
    value,
    standing,
    state,
    foundAt,
    at,
    expires,
  },
  when: before === undefined ? { kind: 'absent' } : { kind: 'version', is: before.version },
  mayRepeat: true,
});
