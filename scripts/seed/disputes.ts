import { instantOf } from '#shared/vocabulary/time.ts';
import { instantOn } from './calendar.ts';
import { houseOf } from './places.ts';
import type { Desk } from './setting.ts';
import type { Supply } from './supply.ts';

/** How many days before the story ends the file is handed in. */
const daysBefore = 6;
const hour = 3600;

/**
 * A file of meter data names the electricity meter of a home at another door, where nobody lives: field service says the one, the file
 * the other, and nobody has settled it.
 */
export const tellMeterElsewhere = (desk: Desk, supply: Supply): void => {
  const { options, calendar, party, teller } = desk;
  const [point] = supply.points;
  const meter = point?.meters.at(-1);
  const day = calendar.days.at(-daysBefore);
  if (point === undefined || meter === undefined || day === undefined) return;
  const at = instantOn(calendar, day.date, 11 * hour);
  const place = houseOf(options.currency, party.number, 2);
  const reference = { ...point.reference, value: `${point.reference.value.slice(0, -2)}02` };
  const fact = (type: string, name: string, second: number, data: Readonly<Record<string, unknown>>) =>
    teller.fact('imports', type, `elsewhere-${name}`, at + second, { ...data });
  teller.tell(
    at,
    [
      fact('premise.premise.registered.v1', 'place', 0, {
        address: place.address,
        region: place.region,
        references: [place.reference],
      }),
    ],
    { waits: true },
  );
  teller.tell(
    at + 60,
    [
      fact('premise.service-point.registered.v1', 'point', 60, {
        premise: place.reference,
        commodity: point.commodity,
        zone: calendar.zone,
        references: [reference],
      }),
    ],
    { waits: true },
  );
  teller.tell(
    at + 120,
    [
      fact('metering.meter.installed.v1', 'meter', 120, {
        servicePoint: reference,
        meter: meter.reference,
        serial: meter.serial,
        from: instantOf(at),
      }),
    ],
    { waits: true },
  );
};
