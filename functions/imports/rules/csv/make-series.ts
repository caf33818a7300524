import { type Decimal, readDecimal } from '#functions/imports/rules/decimals.ts';
import type { MeasuredSeries } from '#functions/imports/rules/interval-series.ts';
import { readUnit } from '#functions/imports/rules/measured-units.ts';
import { flowOfSuffix } from '#functions/imports/rules/nem/codes.ts';
import type { RowHead } from './csv-cells.ts';
import type { CsvMapping } from './mapping.ts';
import { ValueSeries } from './value-series.ts';

type LongColumn = Extract<CsvMapping['layout'], { kind: 'long' }>['values'][number];

const readScale = (text: string | undefined): Decimal | undefined => {
  const read = text === undefined ? undefined : readDecimal(text);
  return typeof read === 'string' ? undefined : read;
};

/** The series of a value column for a row: what the column says goes before the row, and that before the mapping. */
export const makeSeries = (
  mapping: CsvMapping,
  column: Partial<Omit<LongColumn, 'column'>>,
  { reference, register, unit: rowUnit }: Pick<RowHead, 'reference' | 'register' | 'unit'>,
): ValueSeries => {
  const { namespace, unit: named, time, states } = mapping;
  const constant = 'constant' in named ? named.constant : '';
  const unit = (column.unit === undefined ? rowUnit : undefined) ?? readUnit(column.unit ?? constant);
  const name = column.register ?? register;
  const flow = column.flow ?? mapping.flow ?? (namespace === 'nmi' ? flowOfSuffix(name) : undefined);
  const commodity = mapping.commodity ?? unit?.commodity;
  const series: MeasuredSeries = {
    namespace,
    reference,
    register: name,
    unit: unit?.unit ?? 'none',
    ...(commodity === undefined ? {} : { commodity }),
    ...(flow === undefined ? {} : { flow }),
    ...(typeof time.interval === 'number' ? { intervalSeconds: time.interval } : {}),
    zone: time.zone,
  };
  return new ValueSeries(series, unit?.shift ?? 0, readScale(column.scale ?? mapping.scale), states?.longest);
};
