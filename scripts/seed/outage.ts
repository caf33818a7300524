import { instantOf } from '#shared/vocabulary/time.ts';
import { halfHour, type StoryCalendar } from './calendar.ts';
import { callAbout, tellExchange } from './interactions.ts';
import type { Person } from './people.ts';
import type { Place } from './places.ts';
import type { Supply } from './supply.ts';
import type { Teller } from './tell.ts';

/** The evening on which a street goes dark. Instants are Unix seconds; intervals are half-hours of the story, half-open. */
export interface Outage {
  readonly date: string;
  readonly startedAt: number;
  readonly restoredAt: number;
  readonly from: number;
  readonly to: number;
}

/** Half past five on the evening nearest midwinter, for two and a half hours. */
export const outageOf = (calendar: StoryCalendar): Outage => {
  let darkest = calendar.days[0];
  for (const day of calendar.days.slice(1, -1)) {
    if (darkest === undefined || day.winter > darkest.winter) darkest = day;
  }
  if (darkest === undefined) throw new RangeError('a story has at least one day');
  const from = darkest.first + 35;
  const to = from + 5;
  return {
    date: darkest.date,
    startedAt: calendar.from + from * halfHour,
    restoredAt: calendar.from + to * halfHour,
    from,
    to,
  };
};

/** One house of the dark street: reported by the control room, rung about by every third, restored the same evening. */
export const tellOutage = (teller: Teller, outage: Outage, place: Place, person: Person, door: number): void => {
  const reference = { namespace: 'field', value: `OUT-${place.code}` };
  const reported = outage.startedAt + 240 + door;
  teller.tell(reported, [
    teller.fact('field', 'service.outage.reported.v1', `outage-${place.code}`, reported, {
      premise: place.reference,
      commodity: 'electricity',
      startedAt: instantOf(outage.startedAt),
      expectedBy: instantOf(outage.startedAt + 4 * 3600),
      description: 'The whole street is dark.',
      references: [reference],
    }),
  ]);
  if (door % 3 === 1) {
    const called = reported + 300 + door * 20;
    const exchange = callAbout('service.outage', 'Reported no power; told when it is expected back.');
    tellExchange(teller, person, `${person.number}-outage-call`, called, exchange);
  }
  const restored = outage.restoredAt + 240 + door;
  teller.tell(
    restored,
    [
      teller.fact('field', 'service.outage.restored.v1', `outage-${place.code}-restored`, restored, {
        outage: reference,
        premise: place.reference,
        restoredAt: instantOf(outage.restoredAt),
        cause: 'cable-fault',
      }),
    ],
    { waits: true },
  );
};

/** In every fifth dark house the clock of the meter had stopped with the power; it says so when it is set again. */
export const tellStoppedClock = (teller: Teller, outage: Outage, supply: Supply, door: number): void => {
  const point = supply.points.find(({ commodity }) => commodity === 'electricity');
  const meter = point?.meters.find(({ from, to }) => from <= outage.to && outage.to < to);
  if (point === undefined || meter === undefined || door % 5 !== 2) return;
  const at = outage.restoredAt + 90 + door;
  const told = teller.fact('field', 'metering.event.recorded.v1', `clock-${meter.serial}`, at, {
    servicePoint: point.reference,
    meter: meter.reference,
    event: 'clock',
    value: outage.startedAt - outage.restoredAt,
  });
  teller.tell(at, [told], { waits: true });
};
