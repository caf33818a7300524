import { writeGreenButton } from '#functions/imports/rules/write/green-button.ts';
import { nemSuffixes } from '#functions/imports/rules/write/nem-suffixes.ts';
import { writeNem12 } from '#functions/imports/rules/write/nem12.ts';
import { writeReadingsCsv } from '#functions/imports/rules/write/readings-csv.ts';
import type { WrittenSeries } from '#functions/imports/rules/write/written-series.ts';
import type { ServicePoint } from '#shared/profile/rules/premise.ts';
import { uuidOfName } from '#shared/runtime/name-uuid.ts';
import { writeReference } from '#shared/vocabulary/references.ts';

/** What a file is made of: a point, its registers with their readings, and the moment they are as of (Unix seconds). */
export interface FileContent {
  readonly point: ServicePoint;
  readonly series: readonly WrittenSeries[];
  readonly at: number;
}

/** The number of a point as other systems know it, `namespace:value`; its id where none does. */
export const pointName = ({ id, references: [first] }: ServicePoint): string =>
  first === undefined ? id : writeReference(first);

/** Resources of a file have paths of ESPI, without the host that made it: they are the same from every one. */
const resourceBase = '/espi/1_1/resource';
/** What a NEM12 file names as its sender and as who it is for, being of no participant of the market. */
const parties = { from: 'ROTUNDA', to: 'CUSTOMER' } as const;

const commodities = { electricity: 'Electricity', gas: 'Gas', water: 'Water' } as const;

const greenButton = ({ point, series, at }: FileContent): AsyncIterable<string> =>
  writeGreenButton({
    base: resourceBase,
    title: `${commodities[point.commodity]} at ${pointName(point)}`,
    updated: at,
    servicePoint: point,
    series,
    uuidOf: uuidOfName,
  });

async function* nem12({ point, series, at }: FileContent): AsyncGenerator<string, void, undefined> {
  const suffixes = nemSuffixes(series.map(({ register }) => register));
  const nmi = point.references.find(({ namespace }) => namespace === 'nmi')?.value ?? '';
  const streams = series.map((one) => ({
    ...one,
    servicePoint: nmi,
    suffix: suffixes.get(one.register.id) ?? one.register.id,
  }));
  yield* writeNem12({ created: at, ...parties, streams });
}

/** Formats of files of readings, and how each is written. */
export const fileFormats = {
  'green-button': { type: 'application/atom+xml', ending: 'xml', write: greenButton },
  csv: { type: 'text/csv', ending: 'csv', write: ({ series }: FileContent) => writeReadingsCsv(series) },
  nem12: { type: 'text/csv', ending: 'csv', write: nem12 },
} as const;
export type FileFormat = keyof typeof fileFormats;
