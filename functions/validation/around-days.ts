import type { Table } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { KnownRegister } from './register-ground.ts';
import type { Sibling } from './rules/day-context.ts';
import type { DayDigest } from './rules/day-digest.ts';
import type { Dates } from './rules/history-needed.ts';
import { isOfPower, type MeterEvent } from './rules/power.ts';
import { readJudgedMonths } from './store/judged-months.ts';
import { type PlaceEvent, readPlaceEvents } from './store/place-events.ts';

/** What happened at a place as events of a register of its: the power of its commodity, and what its meter told. */
const eventsOf = ({ ground: { meter, register } }: KnownRegister, event: PlaceEvent): readonly MeterEvent[] => {
  const { from } = event;
  if (event.is === 'told' && event.meter === meter) {
    // Of gas and water it is the meter's own battery, and says nothing of what was used.
    if (register.commodity !== 'electricity' && isOfPower(event.kind)) return [];
    return [{ kind: event.kind, at: from, ...(event.value === null ? {} : { value: event.value }) }];
  }
  if (event.is !== 'outage' || event.commodity !== register.commodity) return [];
  const { to } = event;
  return [
    { kind: 'power-outage', at: from },
    ...(to === null ? [] : [{ kind: 'power-restoration', at: to, since: from } as const]),
  ];
};

/** What happened at the places a meter was at over a time, Unix seconds: one query for each. */
export const readEvents = async (
  readings: Table,
  known: KnownRegister,
  range: Range,
): Promise<readonly MeterEvent[]> => {
  const found = await Promise.all(
    known.stays.map(async (stay) => {
      const there = { from: Math.max(range.from, stay.from), to: Math.min(range.to, stay.to) };
      if (there.from >= there.to) return [];
      const events = await readPlaceEvents(readings, stay.premise, there);
      return events.filter(
        (event) => event.from < there.to && (event.is !== 'outage' || (event.to ?? event.from) >= there.from),
      );
    }),
  );
  return found.flat().flatMap((event) => eventsOf(known, event));
};

/** Whether a register that should have measured on a judged day has nothing of it. */
export const isSilent = ({ expected, count, estimated }: DayDigest): boolean => expected > 0 && count === estimated;

/** What the other registers of a meter have of judged days, by date; of a day that is not judged yet nothing is known. */
export const readSiblings = async (
  readings: Table,
  { ground: { meter }, siblings }: KnownRegister,
  dates: Dates,
): Promise<ReadonlyMap<string, readonly Sibling[]>> => {
  const found = new Map<string, Sibling[]>();
  await Promise.all(
    siblings.map(async (register) => {
      const months = await readJudgedMonths(readings, { meter, register }, dates);
      for (const digest of months.flatMap(({ digests }) => digests)) {
        if (digest.expected === 0) continue;
        const present = isSilent(digest) ? 0 : digest.count - digest.estimated;
        found.set(digest.date, [...(found.get(digest.date) ?? []), { register, present }]);
      }
    }),
  );
  return found;
};
