import { judgedMonthPrefix, judgedPartition } from '#shared/table/keys.ts';
import { limits, type Table, type Write } from '#shared/table/table.ts';
import { allItemsOf, type RegisterPlace } from './store/judged-registers.ts';
import { estimateKeys } from './store/made-blocks.ts';
import { exceptionWrite, readExceptions } from './store/reading-exceptions.ts';

const latest = 9_999_999_999;

/**
 * Takes back that days of a register were judged which has reads and, as is known now, no interval of any day: what was missed was
 * never to come. Its exceptions end, estimates and digests go. Answers whether there was anything.
 */
export const withdrawDays = async (readings: Table, place: RegisterPlace): Promise<boolean> => {
  const pk = judgedPartition(place.meter, place.register);
  const months = await allItemsOf(readings, { pk, from: judgedMonthPrefix, to: `${judgedMonthPrefix}~` });
  if (months.length === 0) return false;
  const standing = (await readExceptions(readings, place, 0, latest)).filter(
    ({ state }) => state === 'open' || state === 'filled',
  );
  const writes: readonly Write[] = [
    ...standing.map((one) => exceptionWrite(place, { exception: one.exception, state: 'resolved' }, one)),
    ...(await estimateKeys(readings, place, 0, latest)).map((remove): Write => ({ in: 'readings', remove })),
    // Last, so that one who was cut off begins again.
    ...months.map((item): Write => ({ in: 'readings', remove: { pk, sk: item.sk } })),
  ];
  for (let from = 0; from < writes.length; from += limits.transactionItems)
    await readings.commit(writes.slice(from, from + limits.transactionItems));
  return true;
};
