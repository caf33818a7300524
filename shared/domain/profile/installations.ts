import { instant, text } from './fact-data.ts';
import type { Family } from './fold.ts';
import { keepLatest, type Period } from './periods.ts';

/** A meter measures a service point for a stretch of instants (stored form). */
export interface Installation extends Period {
  readonly meter: string;
  readonly serial: string | null;
  readonly servicePoint: string;
}

/** Meters at a premise, in the order they came. */
export interface MeteringState {
  readonly installations: readonly Installation[];
}

const maxEnded = 40;

export const metering: Family<MeteringState> = {
  name: 'metering',
  rules: 2,
  empty: () => ({ installations: [] }),
  apply(state, fact) {
    const [meter, servicePoint] = [text(fact, 'meter'), text(fact, 'servicePoint')];
    if (meter === undefined || servicePoint === undefined) return 'groundless';
    if (fact.type === 'metering.meter.installed.v1') {
      const from = instant(fact, 'from');
      const installation = { meter, serial: text(fact, 'serial') ?? null, servicePoint, from, to: null };
      const others = state.installations.filter(
        (one) => !(one.meter === meter && one.servicePoint === servicePoint && one.from === from),
      );
      return { installations: keepLatest([...others, installation], maxEnded) };
    }
    if (fact.type !== 'metering.meter.removed.v1') return 'groundless';
    const at = instant(fact, 'at');
    const measures = (one: Installation): boolean =>
      one.meter === meter && one.servicePoint === servicePoint && one.from <= at && (one.to === null || at < one.to);
    if (!state.installations.some(measures)) return 'groundless';
    const installations = state.installations.map((one) => (measures(one) ? { ...one, to: at } : one));
    return { installations: keepLatest(installations, maxEnded) };
  },
};
