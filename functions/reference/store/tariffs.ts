import * as z from 'zod';
import type { Tariff } from '#functions/reference/rules/tariff.ts';
import { codeOfTariff, tariffKey, tariffsPartition } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Table, TransactionConflict, type Write } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { LocalDate } from '#shared/vocabulary/instants.ts';
import { Currency } from '#shared/vocabulary/money.ts';
import { PricedUnit, UnitPriceText } from '#shared/vocabulary/prices.ts';
import { Commodity } from '#shared/vocabulary/statuses.ts';

const Stored = z.object({
  name: z.string().optional(),
  commodity: Commodity,
  currency: Currency,
  unit: PricedUnit,
  prices: z.array(z.object({ from: LocalDate, energyPrice: UnitPriceText })),
  version: z.int(),
  changedAt: z.string(),
  changedBy: z.string(),
});

/** A tariff as it is kept: `version` counts its changes; by whom and when it was changed last. */
export interface StoredTariff extends Tariff {
  readonly version: number;
  /** RFC 3339, UTC. */
  readonly changedAt: string;
  readonly changedBy: string;
}

const tries = 8;

const storedOf = (item: Item): StoredTariff => {
  const { name, ...rest } = Stored.parse(item);
  return { code: codeOfTariff(item.sk), ...rest, ...(name === undefined ? {} : { name }) };
};

/** A tariff by its code; undefined where none is kept. Eventual unless said otherwise. */
export const readTariff = async (
  profile: Table,
  code: string,
  consistent = false,
): Promise<StoredTariff | undefined> => {
  const item = await profile.get(tariffKey(code), { consistent });
  return item === undefined ? undefined : storedOf(item);
};

const contentOf = ({ name, commodity, currency, unit, prices }: Tariff): string =>
  JSON.stringify([name, commodity, currency, unit, prices.map(({ from, energyPrice }) => [from, energyPrice])]);

/**
 * Puts a tariff in place of what was kept under its code; where all of it stands already nothing is written. Answers it as it is
 * kept, and whether it was written.
 * @param beside stands or falls with the change: its audit entry
 * Throws DomainError('unavailable', 'tariff.busy') where others write it all the time.
 */
export const putTariff = async (
  profile: Table,
  tariff: Tariff,
  change: { readonly at: string; readonly by: string },
  beside: readonly Write[] = [],
): Promise<{ readonly kept: StoredTariff; readonly written: boolean }> => {
  const { code, name, commodity, currency, unit, prices } = tariff;
  for (let tried = 0; tried < tries; tried += 1) {
    const before = await readTariff(profile, code, true);
    if (before !== undefined && contentOf(before) === contentOf(tariff)) return { kept: before, written: false };
    const item = {
      ...tariffKey(code),
      ...(name === undefined ? {} : { name }),
      commodity,
      currency,
      unit,
      prices: prices.map(({ from, energyPrice }) => ({ from, energyPrice })),
      version: (before?.version ?? 0) + 1,
      changedAt: change.at,
      changedBy: change.by,
    };
    const when =
      before === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'version', is: before.version } as const);
    try {
      const put = { put: item, when } as const;
      await profile.commit(beside.length === 0 ? [{ ...put, mayRepeat: true }] : [put, ...beside]);
      return { kept: storedOf(item), written: true };
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof TransactionConflict)) throw error;
    }
  }
  throw new DomainError('unavailable', 'tariff.busy', 'this tariff is being written by others', {
    retryAfterSeconds: 1,
  });
};

/** Tariffs in order of their codes, a page: one query. */
export const listTariffs = async (
  profile: Table,
  limit: number,
  after: string | undefined,
): Promise<{ readonly tariffs: readonly StoredTariff[]; readonly next: string | null }> => {
  const query = { pk: tariffsPartition, limit, consistent: true };
  const { items, cursor } = await profile.query(after === undefined ? query : { ...query, cursor: after });
  return { tariffs: items.map(storedOf), next: cursor ?? null };
};
