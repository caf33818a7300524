import { endOf, isCancelled, type Kind, type Start, startsOf } from './ends.ts';
import { type Claim, type Stretch, stretchesOf } from './periods.ts';
import { type Told, text } from './told.ts';

const instantOf = (fact: Told, member: string): string => text(fact, member) ?? fact.at;

const installationKind: Kind = {
  started: 'metering.meter.installed.v1',
  ended: 'metering.meter.removed.v1',
  thing: (fact) => [fact.data.meter, fact.data.servicePoint].join(' '),
  from: (fact) => instantOf(fact, 'from'),
  to: (fact) => (fact.type === 'metering.meter.removed.v1' ? instantOf(fact, 'at') : undefined),
  isOneFromADay: true,
};

/** Installations as they were told: told again for the same instant, the last takes the place of the one before. */
const installations = (facts: readonly Told[]): readonly Start[] => {
  const all = startsOf(facts, installationKind)
    .filter((start) => !isCancelled(facts, installationKind, start))
    // A point that was taken back is measured by nothing.
    .filter(({ fact }) => facts.some(({ makes }) => makes === text(fact, 'servicePoint')));
  return all.filter(
    (one, n) => !all.slice(n + 1).some((later) => later.thing === one.thing && later.from === one.from),
  );
};

const stretchesFor = (
  facts: readonly Told[],
  meter: string,
  starts: readonly Start[],
): readonly (Stretch & { point: string })[] => {
  const claims = starts
    .filter(({ fact }) => text(fact, 'meter') === meter)
    .map(
      (start): Claim => ({
        id: start.id,
        holder: text(start.fact, 'servicePoint') ?? '',
        source: start.source,
        from: start.from,
        to: endOf(facts, installationKind, start),
      }),
    );
  const pointOf = (id: string | undefined): string => claims.find((one) => one.id === id)?.holder ?? '';
  const joined: (Stretch & { point: string })[] = [];
  for (const stretch of stretchesOf(claims)) {
    const point = stretch.isDisputed ? '' : pointOf(stretch.ids[0]);
    const last = joined.at(-1);
    const points = [...new Set(stretch.ids.map(pointOf))].sort().join(' ');
    const known = { ...stretch, point: stretch.isDisputed ? points : point };
    if (
      last !== undefined &&
      last.to === stretch.from &&
      last.isDisputed === stretch.isDisputed &&
      last.point === known.point &&
      !stretch.isDisputed
    ) {
      joined.pop();
      joined.push({ ...last, to: stretch.to });
    } else joined.push(known);
  }
  return joined;
};

/** Which points a meter measures when, across premises. */
export const placesOf = (facts: readonly Told[], meter: string) => stretchesFor(facts, meter, installations(facts));

/** Meters that measure a point and no other, now or later, by all that is told of them at whatever premise. */
export const metersAt = (facts: readonly Told[], point: string) => {
  const meters = [...new Set(installations(facts).map(({ fact }) => text(fact, 'meter') ?? ''))];
  return meters.flatMap((meter) =>
    placesOf(facts, meter)
      .filter((one) => !one.isDisputed && one.point === point)
      .map(({ from, to }) => ({ meter, from, to })),
  );
};
