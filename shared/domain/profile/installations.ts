import * as z from 'zod';
import type { Fact } from '#shared/vocabulary/fact.ts';
import { RegisterValidation } from '#shared/vocabulary/reading-rules.ts';
import { MeterEventKind } from '#shared/vocabulary/statuses.ts';
import { instant, text } from './fact-data.ts';
import type { Family } from './fold.ts';
import { type AttentionState, withException, withTask } from './meter-attention.ts';
import { keepLatest, type Period } from './periods.ts';
import { type RecordedInsight, withInsight } from './told-insights.ts';

/** What was said of a register of a meter at a point: its total at both ends in its own scale, and how it is judged. */
export interface InstalledRegister {
  readonly register: string;
  readonly opening?: number;
  readonly closing?: number;
  readonly validation?: RegisterValidation;
}

/** A meter measures a service point for a stretch of instants (stored form). */
export interface Installation extends Period {
  readonly meter: string;
  readonly serial: string | null;
  readonly servicePoint: string;
  /** Of the latest installations alone; left out where nothing was said. */
  readonly registers?: readonly InstalledRegister[];
}

/** What a meter told of itself; `value` as the event means it. */
export interface RecordedEvent {
  readonly meter: string;
  readonly servicePoint: string;
  readonly event: MeterEventKind;
  readonly at: string;
  readonly value: number | null;
}

/**
 * Meters at a premise, in the order they came, the latest events they told of (at most 20; rules before 3 kept none), and what
 * somebody should look at.
 */
export interface MeteringState extends AttentionState {
  readonly installations: readonly Installation[];
  readonly events?: readonly RecordedEvent[];
  readonly insights?: readonly RecordedInsight[];
}

const maxEnded = 40;
const keptEvents = 20;
/** Bytes of what is kept of registers, as JSON. */
const registerBytes = 10_000;

/** Facts that stand on the record and change no state of it: what they say is read where readings are. */
const toldOnly: ReadonlySet<string> = new Set(['metering.correction.made.v1', 'metering.month.closed.v1']);

/** What a fact says of registers; what cannot be read of it says nothing. */
const SaidRegisters = z.array(
  z.object({ register: z.string(), read: z.int().optional(), validation: RegisterValidation.optional() }),
);

const saidOf = (fact: Fact): z.infer<typeof SaidRegisters> => {
  const said = SaidRegisters.safeParse(fact.data.registers);
  return said.success ? said.data : [];
};

/** What is said of registers as a meter is installed; what they stood at in the end stays, where that was told before. */
const opened = (fact: Fact, before: Installation | undefined): Pick<Installation, 'registers'> => {
  const said = saidOf(fact);
  const names = new Set([...said, ...(before?.registers ?? [])].map(({ register }) => register));
  const registers = [...names].flatMap((register): InstalledRegister[] => {
    const one = said.find((entry) => entry.register === register);
    const closing = before?.registers?.find((entry) => entry.register === register)?.closing;
    if (one === undefined && closing === undefined) return [];
    return [
      {
        register,
        ...(one?.read === undefined ? {} : { opening: one.read }),
        ...(closing === undefined ? {} : { closing }),
        ...(one?.validation === undefined ? {} : { validation: one.validation }),
      },
    ];
  });
  return registers.length === 0 ? {} : { registers };
};

const closed = (fact: Fact, { registers = [] }: Installation): Pick<Installation, 'registers'> => {
  const reads = new Map(saidOf(fact).flatMap(({ register, read }) => (read === undefined ? [] : [[register, read]])));
  const names = [...new Set([...registers.map(({ register }) => register), ...reads.keys()])];
  const all = names.map((register): InstalledRegister => {
    const closing = reads.get(register);
    const known = registers.find((one) => one.register === register);
    return { ...known, register, ...(closing === undefined ? {} : { closing }) };
  });
  return all.length === 0 ? {} : { registers: all };
};

/** Keeps what was said of registers for the latest installations, as far as the state has room for it. */
const withKeptRegisters = (installations: readonly Installation[]): readonly Installation[] => {
  let room = registerBytes;
  return installations
    .toReversed()
    .map((one) => {
      if (one.registers === undefined) return one;
      room -= new TextEncoder().encode(JSON.stringify(one.registers)).length;
      if (room >= 0) return one;
      const { registers: _, ...rest } = one;
      return rest;
    })
    .reverse();
};

const eventOf = (fact: Fact, meter: string, servicePoint: string): RecordedEvent | undefined => {
  const event = MeterEventKind.safeParse(fact.data.event);
  const { value } = fact.data;
  const known = typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
  return event.success ? { meter, servicePoint, event: event.data, at: fact.occurredAt, value: known } : undefined;
};

export const metering: Family<MeteringState> = {
  name: 'metering',
  rules: 8,
  empty: () => ({ installations: [] }),
  apply(state, fact) {
    const [meter, servicePoint] = [text(fact, 'meter'), text(fact, 'servicePoint')];
    if (servicePoint !== undefined && toldOnly.has(fact.type)) return state;
    if (servicePoint !== undefined && fact.type.startsWith('metering.insight.')) {
      return withInsight(state, fact, servicePoint);
    }
    if (meter === undefined || servicePoint === undefined) return 'groundless';
    if (fact.type === 'metering.meter.installed.v1') {
      const from = instant(fact, 'from');
      const serial = text(fact, 'serial') ?? null;
      const isSame = (one: Installation): boolean =>
        one.meter === meter && one.servicePoint === servicePoint && one.from === from;
      const before = state.installations.find(isSame);
      const installation = { meter, serial, servicePoint, from, to: before?.to ?? null, ...opened(fact, before) };
      const others = state.installations.filter((one) => !isSame(one));
      return { ...state, installations: withKeptRegisters(keepLatest([...others, installation], maxEnded)) };
    }
    if (fact.type === 'metering.exception.raised.v1' || fact.type === 'metering.exception.resolved.v1') {
      return withException(state, fact, servicePoint);
    }
    if (fact.type === 'metering.task.opened.v1' || fact.type === 'metering.task.closed.v1') {
      return withTask(state, fact, meter, servicePoint);
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
    const installations = state.installations.map((one) =>
      measures(one) ? { ...one, to: at, ...closed(fact, one) } : one,
    );
    return { ...state, installations: withKeptRegisters(keepLatest(installations, maxEnded)) };
  },
};
