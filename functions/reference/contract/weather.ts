import * as z from 'zod';
import { Instant, LocalDate, listMarks, page, paging } from '#shared/contracts/api/common.ts';
import { defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';

const hour = 3600;
const day = 86_400;
/** Hours that are put or read at once: 420 days, a little more than a trend looks at. */
export const mostHours = 420 * 24;

const years = [Date.parse('2000-01-01T00:00:00Z'), Date.parse('2100-01-01T00:00:00Z')] as const;
const isOnTheHour = (instant: string): boolean => secondsOf(instant) % hour === 0 && Date.parse(instant) % 1000 === 0;
const inCentury = (instant: string): boolean => Date.parse(instant) >= years[0] && Date.parse(instant) <= years[1];

const Hour = Instant.refine(isOnTheHour, 'must be a whole hour of UTC').refine(
  inCentury,
  'must lie in the years 2000 to 2099',
);

const celsiusTenths = (most: number) => z.array(z.int().min(-900).max(600).nullable()).min(1).max(most);

const TemperaturesBody = z
  .strictObject({
    start: Hour.describe('Start of the first interval: a whole hour of UTC.'),
    intervalSeconds: z
      .literal([hour, day])
      .default(hour)
      .describe(
        '3600: a value for each hour. 86400: a mean for each 24 hours from the start on, held for each of them.',
      ),
    celsiusTenths: celsiusTenths(mostHours).describe(
      'Tenths of a degree Celsius, in order, -900 to 600: 83 is 8.3 °C. null takes away what is held of the interval.',
    ),
  })
  .refine(({ intervalSeconds, celsiusTenths: values }) => values.length * (intervalSeconds / hour) <= mostHours, {
    path: ['celsiusTenths'],
    message: 'must not be of more than 420 days',
  });

const Held = z.object({
  area: z.string().describe('Name of the area as it is kept: region:NORTH-03, postcode:GB LS14, or all.'),
  from: Instant,
  to: Instant,
  intervalSeconds: z.literal(hour),
  celsiusTenths: celsiusTenths(mostHours).describe(
    'Tenths of a degree Celsius of each hour of [from, to), in order; null where none is held.',
  ),
  known: z.int().describe('Hours of which a temperature is held.'),
});
const heldMarks: ResponseMarks = {
  area: 'plain',
  from: 'plain',
  to: 'plain',
  intervalSeconds: 'plain',
  celsiusTenths: 'plain',
  known: 'plain',
};

const WeatherArea = z.object({
  area: z.string().describe('Name of the area, as the routes of its temperatures take it.'),
  lastTold: LocalDate.describe('Last day by which a home of the area had told its use; each does once a week.'),
});

const temperatures = {
  capability: 'reference',
  subject: 'none',
  personal: false,
  path: '/v1/weather-areas/{id}/temperatures',
  response: Held,
  marks: heldMarks,
} as const;

export const weatherRoutes = [
  defineRoute({
    capability: 'reference',
    subject: 'none',
    personal: false,
    operationId: 'listWeatherAreas',
    method: 'GET',
    path: '/v1/weather-areas',
    summary: 'List the areas whose temperatures matter',
    description:
      'The outage regions, or where none is known the postcodes, in which homes use electricity or gas. An area is listed once a home of it has four weeks of readings.',
    act: 'weather.read',
    list: true,
    query: z.strictObject(paging),
    response: page(WeatherArea),
    marks: listMarks({ area: 'plain', lastTold: 'plain' }),
  }),
  defineRoute({
    ...temperatures,
    operationId: 'putTemperatures',
    method: 'PUT',
    reason: 'optional',
    about: { kind: 'weather-area', param: 'id' },
    summary: 'Put temperatures of an area',
    description:
      'Hours that are put again replace what is held of them; others stay. The same request again changes nothing. The area `all` holds for every area that has no temperatures of its own.',
    act: 'weather.write',
    body: TemperaturesBody,
  }),
  defineRoute({
    ...temperatures,
    operationId: 'readTemperatures',
    method: 'GET',
    summary: 'Read the temperatures that are held of an area',
    act: 'weather.read',
    query: z
      .strictObject({
        from: Hour.describe('A whole hour of UTC.'),
        to: Hour.describe('A whole hour of UTC; at most 420 days later.'),
      })
      .refine(({ from, to }) => secondsOf(from) < secondsOf(to), { path: ['to'], message: 'must be later than from' })
      .refine(({ from, to }) => secondsOf(to) - secondsOf(from) <= mostHours * hour, {
        path: ['to'],
        message: 'must be at most 420 days later than from',
      }),
  }),
];
