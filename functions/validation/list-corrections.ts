import { endOf } from '#functions/readings/rules/runs.ts';
import type { AnswerOf, QueryOf } from '#functions/routes.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { CorrectionQuality } from '#shared/vocabulary/measures.ts';
import { instantOf, startOfDate } from '#shared/vocabulary/time.ts';
import { type ListExceptionsParts, placesOf } from './list-exceptions.ts';
import { readCorrections, type StandingCorrection } from './store/made-blocks.ts';
import { RegisterReader } from './store/series.ts';
import type { SuppliedPoint } from './store/supply.ts';

type Shown = AnswerOf<'listCorrections'>['data'][number];

const longestRange = 92 * 86_400;

const refused = (code: string, message: string): DomainError =>
  new DomainError('invalid', code, `to ${message}`, { errors: [{ pointer: '/query/to', code, message }] });

const correctionView = ({ meter, register, run, revision, fact }: StandingCorrection): Shown => ({
  meterId: meter,
  register,
  start: instantOf(run.start),
  end: instantOf(endOf(run)),
  values: [...run.values],
  quality: CorrectionQuality.parse(run.quality?.[0]?.[1]),
  revision,
  factId: fact,
});

/** The corrections of a point that stand, register by register. Throws DomainError (422) where the range is empty or too long. */
export const listCorrections = async (
  { profile, readings }: ListExceptionsParts,
  { point, meters }: SuppliedPoint,
  query: QueryOf<'listCorrections'>,
): Promise<readonly Shown[]> => {
  const [from, to] = [startOfDate(point.zone, query.from), startOfDate(point.zone, query.to)];
  if (from >= to) throw refused('range.empty', 'must be after from');
  // An hour more or less where the clocks change.
  if (to - from > longestRange + 3600) throw refused('range.too-long', 'must be within 92 days of from');
  const places = await placesOf(new RegisterReader(profile), meters, undefined);
  const found = await Promise.all(
    places.map(async (place) => {
      const within = await readCorrections(readings, place, Math.max(from, place.from), Math.min(to, place.to));
      return within.map(correctionView);
    }),
  );
  return found.flat();
};
