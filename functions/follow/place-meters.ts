import type { Committer } from '#shared/facts/commit.ts';
import { meterFromItem, toldPlaces } from '#shared/profile/store/meters.ts';
import { meterOfPartition } from '#shared/table/keys.ts';
import type { Change, Item } from '#shared/table/table.ts';

/** What the item of a meter says of where it is, and at which premises. */
const placesIn = (item: Item | undefined) => {
  if (item === undefined) return { said: '', premises: [] };
  const meter = meterFromItem(item);
  const told = toldPlaces(meter);
  const said = JSON.stringify([told, meter.settled ?? []]);
  return { said, premises: [...told, ...(meter.settled ?? [])].map(({ premise }) => premise) };
};

/**
 * Lets every premise that was told of a meter know what others are told of it: where it was taken elsewhere without a word there, or
 * sources dispute where it is. Reads the meter as it stands, so that a change that comes twice or late ends the same.
 */
export const placeMeters = async (deps: { readonly committer: Committer }, change: Change): Promise<void> => {
  if (meterOfPartition(change.key.pk) === undefined) return;
  const [before, after] = [placesIn(change.before), placesIn(change.after)];
  if (before.said === after.said) return;
  const premises = new Set([...before.premises, ...after.premises]);
  if (premises.size < 2) return;
  for (const premise of premises) await deps.committer.placeMeters(premise);
};
