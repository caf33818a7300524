import type { Agreement } from '#shared/profile/rules/agreements.ts';
import type { PointChange, PresenceWord, ServicePoint } from '#shared/profile/rules/premise.ts';
import { type Range, united } from '#shared/vocabulary/ranges.ts';
import type { Presence } from '#shared/vocabulary/statuses.ts';
import { secondsOf, startOfDate } from '#shared/vocabulary/time.ts';

/** What holds of a service point over time, as far as it says what its registers should count. Unix seconds, half-open. */
export interface PlaceConditions {
  readonly disconnected: readonly Range[];
  readonly zeroExpected: readonly Range[];
  readonly exportAgreed: readonly Range[];
}

/** When the last word on something was such a one. */
const whileSaid = <Word, Change extends { readonly at: string } = PointChange>(
  changes: readonly Change[],
  wordOf: (change: Change) => Word | undefined,
  counts: (word: Word) => boolean,
): readonly Range[] => {
  const words = changes.flatMap((change) => {
    const word = wordOf(change);
    return word === undefined ? [] : [{ from: change.at === '' ? 0 : secondsOf(change.at), counts: counts(word) }];
  });
  return united(
    words.flatMap(({ from, counts: isSo }, index) =>
      isSo ? [{ from, to: words[index + 1]?.from ?? Number.POSITIVE_INFINITY }] : [],
    ),
  );
};

/** What lies between ranges and after the last of them; nothing where there is none. */
const between = (ranges: readonly Range[]): readonly Range[] =>
  united(ranges.map(({ to }, index) => ({ from: to, to: ranges[index + 1]?.from ?? Number.POSITIVE_INFINITY })));

/**
 * When a point was disconnected, when no use of it is to be expected, and when what it feeds in was agreed. It is vacant between
 * agreements and after the last one. Before the first nothing is known of either: it is not taken for vacant, and nobody is asked
 * about what it feeds in.
 */
export const conditionsOf = (point: ServicePoint, all: readonly Agreement[]): PlaceConditions => {
  const changes = point.changes ?? [{ at: '', connection: point.connection }];
  const held = all
    .filter(({ servicePoint }) => servicePoint === point.id)
    .map(({ from, to, feedIn }) => {
      const ends = to === null ? Number.POSITIVE_INFINITY : startOfDate(point.zone, to);
      return { range: { from: startOfDate(point.zone, from), to: ends }, feedIn };
    });
  const minimal = whileSaid(
    changes,
    ({ minimalUsageExpected }) => minimalUsageExpected,
    (word) => word,
  );
  return {
    disconnected: whileSaid(
      changes,
      ({ connection }) => connection,
      (word) => word !== 'connected',
    ),
    zeroExpected: united([...minimal, ...between(united(held.map(({ range }) => range)))]),
    exportAgreed: united([
      { from: 0, to: Math.min(Number.POSITIVE_INFINITY, ...held.map(({ range }) => range.from)) },
      ...held.flatMap(({ range, feedIn }) => (feedIn === true ? [range] : [])),
    ]),
  };
};

/** When somebody was said to be at home, and when nobody was, or no use is to be expected. */
export const presenceOf = (
  { presence = [] }: Pick<ServicePoint, 'presence'>,
  { zeroExpected }: Pick<PlaceConditions, 'zeroExpected'>,
): { readonly home: readonly Range[]; readonly away: readonly Range[] } => {
  const said = (wanted: Presence): readonly Range[] =>
    whileSaid(
      presence,
      ({ presence: word }: PresenceWord) => word,
      (word) => word === wanted,
    );
  return { home: said('home'), away: united([...said('away'), ...zeroExpected]) };
};
