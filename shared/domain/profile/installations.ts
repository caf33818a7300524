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

/** What was written of an exception of readings last: the highest revision. */
export interface RecordedException {
  readonly id: string;
  readonly servicePoint: string;
  readonly revision: number;
  readonly standing: boolean;
}

/**
 * Meters at a premise, in the order they came, the latest events they told of (at most 20; rules before 3 kept none), and the
 * latest exceptions of their readings (at most 40).
 */
export interface MeteringState {
  readonly installations: readonly Installation[];
  readonly events?: readonly RecordedEvent[];
  readonly exceptions?: readonly RecordedException[];
}

const maxEnded = 40;
const keptEvents = 20;
const keptExceptions = 40;

/** Facts that stand on the record and change no state of it: what they say is read where readings are. */
const toldOnly: ReadonlySet<string> = new Set(['metering.correction.made.v1', 'metering.month.closed.v1']);

const withException = (state: MeteringState, fact: Fact, servicePoint: string): MeteringState | 'groundless' => {
  const [id, revision] = [text(fact, 'exception'), fact.data.revision];
  if (id === undefined || typeof revision !== 'number') return 'groundless';
  const known = state.exceptions ?? [];
  if (known.some((one) => one.id === id && one.revision >= revision)) return state;
  const standing = fact.type === 'metering.exception.raised.v1';
  const others = known.filter((one) => one.id !== id);
  return { ...state, exceptions: [...others, { id, servicePoint, revision, standing }].slice(-keptExceptions) };
};

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
    if (servicePoint !== undefined && toldOnly.has(fact.type)) return state;
    if (meter === undefined || servicePoint === undefined) return 'groundless';
    if (fact.type === 'metering.meter.installed.v1') {
      const from = instant(fact, 'from');
      const installation = { meter, serial: text(fact, 'serial') ?? null, servicePoint, from, to: null };
      const others = state.installations.filter(
        (one) => !(one.meter === meter && one.servicePoint === servicePoint && one.from === from),
      );
      return { ...state, installations: keepLatest([...others, installation], maxEnded) };
    }
    if (fact.type === 'metering.exception.raised.v1' || fact.type === 'metering.exception.resolved.v1') {
      return withException(state, fact, servicePoint);
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
