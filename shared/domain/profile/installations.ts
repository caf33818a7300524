import type { Fact } from '#shared/vocabulary/fact.ts';
import { MeterEventKind } from '#shared/vocabulary/statuses.ts';
import { instant, text } from './fact-data.ts';
import type { Family } from './fold.ts';
import { keepLatest, type Period } from './periods.ts';

/** A meter measures a service point for a stretch of instants (stored form). */
export interface Installation extends Period {
  readonly meter: string;
  readonly serial: string | null;
  readonly servicePoint: string;
}

/** What a meter told of itself; `value` as the event means it. */
export interface RecordedEvent {
  readonly meter: string;
  readonly servicePoint: string;
  readonly event: MeterEventKind;
  readonly at: string;
  readonly value: number | null;
}

/** Meters at a premise, in the order they came, and the latest events they told of (at most 20; rules before 3 kept none). */
export interface MeteringState {
  readonly installations: readonly Installation[];
  readonly events?: readonly RecordedEvent[];
}

const maxEnded = 40;
const keptEvents = 20;

const eventOf = (fact: Fact, meter: string, servicePoint: string): RecordedEvent | undefined => {
  const event = MeterEventKind.safeParse(fact.data.event);
  const { value } = fact.data;
  const known = typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
  return event.success ? { meter, servicePoint, event: event.data, at: fact.occurredAt, value: known } : undefined;
};

export const metering: Family<MeteringState> = {
  name: 'metering',
  rules: 3,
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
      return { ...state, installations: keepLatest([...others, installation], maxEnded) };
    }
    if (fact.type === 'metering.event.recorded.v1') {
      const event = eventOf(fact, meter, servicePoint);
      return event === undefined
        ? 'groundless'
        : { ...state, events: [...(state.events ?? []), event].slice(-keptEvents) };
    }
    if (fact.type !== 'metering.meter.removed.v1') return 'groundless';
    const at = instant(fact, 'at');
    const measures = (one: Installation): boolean =>
      one.meter === meter && one.servicePoint === servicePoint && one.from <= at && (one.to === null || at < one.to);
    if (!state.installations.some(measures)) return 'groundless';
    const installations = state.installations.map((one) => (measures(one) ? { ...one, to: at } : one));
    return { ...state, installations: keepLatest(installations, maxEnded) };
  },
};
