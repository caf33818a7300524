import { areaName, areaNamed } from '#functions/outages/rules/area-names.ts';
import type { AnswerOf } from '#functions/routes.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { auditItems } from '#shared/facts/audit.ts';
import type { Table } from '#shared/table/table.ts';
import { instantOf, secondsOf } from '#shared/vocabulary/time.ts';
import { pathRefused } from './path-refused.ts';
import type { HourlyTenths } from './rules/hourly-temperatures.ts';
import { listWeatherAreas, putTemperatures, readTemperatures } from './store/temperatures.ts';

export interface TemperatureParts {
  readonly readings: Table;
}

const hour = 3600;

const areaOfPath = (name: string | undefined): string => {
  const area = areaNamed(name ?? '');
  if (area === undefined)
    throw pathRefused('must be all, region:<region> or postcode:<country> <postcode>, e.g. postcode:GB LS14');
  return area;
};

const heldView = (area: string, { from, tenths }: HourlyTenths): AnswerOf<'readTemperatures'> => ({
  area: areaName(area),
  from: instantOf(from),
  to: instantOf(from + tenths.length * hour),
  intervalSeconds: hour,
  celsiusTenths: [...tenths],
  known: tenths.filter((one) => one !== null).length,
});

/** Temperatures of areas, by which trends are freed of the weather. */
export const temperatureOperations = ({ readings }: TemperatureParts) =>
  ({
    listWeatherAreas: async ({ query: { limit, cursor } }) => {
      const { areas, next } = await listWeatherAreas(readings, limit, cursor);
      return { body: { data: areas.map(({ area, on }) => ({ area: areaName(area), lastTold: on })), next } };
    },
    putTemperatures: async ({ params, body, audit }) => {
      const area = areaOfPath(params.id);
      const from = secondsOf(body.start);
      const each = body.intervalSeconds / hour;
      const tenths = body.celsiusTenths.flatMap((value) => Array.from({ length: each }, () => value));
      const entry = auditItems({ ...audit, count: 1 });
      const audited = await putTemperatures(readings, area, { from, tenths }, entry);
      const held = await readTemperatures(readings, area, { from, to: from + tenths.length * hour }, true);
      return { body: heldView(area, held), audited };
    },
    readTemperatures: async ({ params, query: { from, to } }) => {
      const area = areaOfPath(params.id);
      const held = await readTemperatures(readings, area, { from: secondsOf(from), to: secondsOf(to) }, true);
      return { body: heldView(area, held) };
    },
  }) satisfies Partial<Operations>;
