import * as z from 'zod';
import type { Fact, FactOf } from '#shared/contracts/facts/fact.ts';
import { RegisterValidation } from '#shared/vocabulary/reading-rules.ts';
import type { MeterEventKind } from '#shared/vocabulary/statuses.ts';
import { effectivePeriods } from './effective-periods.ts';
import { instantOr, instantSaid } from './fact-data.ts';
import type { Family } from './fold.ts';
import type { Period } from './periods.ts';
import { type ToldSettled, withSettled } from './settled.ts';
import { endSaid, endsFor, type ToldKind, type ToldList, type ToldStart, withEnd, withStart } from './told-ends.ts';
import { type RecordedInsight, withInsight } from './told-insights.ts';
import { type AttentionState, type PlacedMeter, withException, withTask } from './view/meter-attention.ts';

/** What was said of a register of a meter at a point: its total at both ends in its own scale, and how it is judged. */
export interface InstalledRegister {
  readonly register: string;
  readonly opening?: number;
  readonly closing?: number;
  readonly validation?: RegisterValidation;
}

interface Installed {
  readonly meter: string;
  readonly serial: string | null;
  readonly servicePoint: string;
  /** Of the latest installations alone; left out where nothing was said. */
  readonly registers?: readonly InstalledRegister[];
}

/** A meter measures a service point for a stretch of instants (stored form). */
export interface Installation extends Period, Installed {}

/** An installation as it was told, by whom and in which place, with what was said of its end. */
export interface ToldInstallation extends ToldStart, Installed {
  readonly source: string;
  readonly said: string;
}
/** Which point (`holder`) a meter (`thing`) measures, as people decided, and when they did. */
export interface SettledPlace extends ToldSettled {
  readonly said: string;
}
export interface ToldInstallations extends ToldList<ToldInstallation> {
  readonly settled?: readonly SettledPlace[];
}

/** That a meter measures a point of another premise, as one source says it, and its place among all that is told of the meter. */
export interface ClaimElsewhere extends Period {
  readonly meter: string;
  readonly servicePoint: string;
  readonly source: string;
  readonly said: string;
}
/** What is told at other premises of meters that are told of at one, and what people decided there. */
export interface ToldElsewhere {
  readonly claims: readonly ClaimElsewhere[];
  readonly settled: readonly SettledPlace[];
}
export const nowhereElse: ToldElsewhere = { claims: [], settled: [] };

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
  readonly installations: ToldInstallations;
  readonly events?: readonly RecordedEvent[];
  readonly insights?: readonly RecordedInsight[];
}

const kind: ToldKind<ToldInstallation> = {
  thingOf: ({ meter, servicePoint }) => `${meter} ${servicePoint}`,
  // Usage of their time is told by them.
  maxEnded: 100,
};
/** What so many take, told at length by several sources, well below what an item may hold. */
const growingLimit = 112 * 1024;
const keptEvents = 20;
/** Bytes of what is kept of registers, as JSON. */
const registerBytes = 10_000;

type InstalledFact = FactOf<'metering.meter.installed.v1'>;
type RemovedFact = FactOf<'metering.meter.removed.v1'>;
type SettledFact = FactOf<'metering.dispute.settled.v1'>;

/** What a fact says of registers; what cannot be read of it says nothing. */
const SaidRegisters = z.array(
  z.object({ register: z.string(), read: z.int().optional(), validation: RegisterValidation.optional() }),
);

const saidOf = (fact: InstalledFact | RemovedFact): z.infer<typeof SaidRegisters> => {
  const said = SaidRegisters.safeParse(fact.data.registers);
  return said.success ? said.data : [];
};

/** What is said of registers as a meter is installed; what they stood at in the end stays, where that was told before. */
const opened = (fact: InstalledFact, before: Installed | undefined): Pick<Installed, 'registers'> => {
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

type Reads = readonly (readonly [register: string, read: number])[];

const closed = ({ registers = [] }: Installed, said: Reads): Pick<Installed, 'registers'> => {
  const reads = new Map(said);
  const names = [...new Set([...registers.map(({ register }) => register), ...reads.keys()])];
  const all = names.map((register): InstalledRegister => {
    const closing = reads.get(register);
    const known = registers.find((one) => one.register === register);
    return { ...known, register, ...(closing === undefined ? {} : { closing }) };
  });
  return all.length === 0 ? {} : { registers: all };
};

/** Keeps what was said of registers for the latest installations, as far as the state has room for it. */
const withKeptRegisters = (list: ToldInstallations): ToldInstallations => {
  let room = registerBytes;
  const starts = list.starts
    .toReversed()
    .map((one) => {
      if (one.registers === undefined) return one;
      room -= new TextEncoder().encode(JSON.stringify(one.registers)).length;
      if (room >= 0) return one;
      const { registers: _, ...rest } = one;
      return rest;
    })
    .reverse();
  return { ...list, starts };
};

/** Its place among all that is told of a meter, at whatever premise: the fold order of facts of one type, as text. */
const saidAt = ({ occurredAt, source, sourceSequence, id }: Fact): string =>
  [occurredAt, source.system, String(sourceSequence).padStart(16, '0'), id].join('#');

const installed = (list: ToldInstallations, fact: InstalledFact, { meter, servicePoint }: PlacedMeter) => {
  const from = instantOr(fact.data.from, fact);
  const told = {
    meter,
    serial: fact.data.serial ?? null,
    servicePoint,
    from,
    source: fact.source.system,
    said: saidAt(fact),
  };
  const before = list.starts.find(
    (one) => kind.thingOf(one) === kind.thingOf({ ...told, ends: [] }) && one.from === from,
  );
  if (before !== undefined) {
    const again = { ...told, ends: before.ends, ...opened(fact, before) };
    return withKeptRegisters({ ...list, starts: [...list.starts.filter((one) => one !== before), again] });
  }
  const start: ToldInstallation = { ...told, ends: [], ...opened(fact, undefined) };
  const reads = endsFor(kind, list, start).flatMap((one) => one.reads ?? []);
  const known = reads.length === 0 ? start : { ...start, ...closed(start, reads) };
  return withKeptRegisters(withStart(kind, list, known, { source: fact.source.system, to: undefined }));
};

const removed = (list: ToldInstallations, fact: RemovedFact, named: PlacedMeter) => {
  const reads = saidOf(fact).flatMap(({ register, read }): Reads => (read === undefined ? [] : [[register, read]]));
  const end = {
    thing: `${named.meter} ${named.servicePoint}`,
    source: fact.source.system,
    to: instantOr(fact.data.at, fact),
  };
  return withKeptRegisters(
    withEnd(kind, list, reads.length === 0 ? end : { ...end, reads }, (one) => ({ ...one, ...closed(one, reads) })),
  );
};

const settle = (list: ToldInstallations, fact: SettledFact, named: PlacedMeter) => {
  const [from, to] = [instantSaid(fact.data.from), instantSaid(fact.data.to)];
  if (from === undefined) return 'groundless';
  const { meter: thing, servicePoint: holder } = named;
  const one: SettledPlace = { thing, holder, from, to: to ?? null, fact: fact.id, said: fact.occurredAt };
  const settled = withSettled(list.settled, one);
  return settled === 'groundless' ? settled : { ...list, settled };
};

/** What a fact of where meters are makes of a list of installations. */
const applyInstallation = (
  list: ToldInstallations,
  fact: InstalledFact | RemovedFact | SettledFact,
  named: PlacedMeter,
): ToldInstallations | 'groundless' => {
  if (fact.type === 'metering.dispute.settled.v1') return settle(list, fact, named);
  const next = fact.type === 'metering.meter.installed.v1' ? installed(list, fact, named) : removed(list, fact, named);
  return list.settled === undefined ? next : { ...next, settled: list.settled };
};

/** Of an installation that goes on under another telling of it: what is known of its registers over all of it. */
const joined = (first: Installation, next: Installation): Installation => {
  const registers = [...(next.registers ?? []), ...(first.registers ?? [])]
    .map(({ register }) => register)
    .filter((register, index, all) => all.indexOf(register) === index)
    .map((register): InstalledRegister => {
      const { opening: _, ...later } = next.registers?.find((one) => one.register === register) ?? { register };
      return { ...first.registers?.find((one) => one.register === register), ...later };
    });
  return { ...first, to: next.to, ...(registers.length === 0 ? {} : { registers }) };
};

const inOrder = <One extends { readonly said: string }>(all: readonly One[]): readonly One[] =>
  all.toSorted((one, other) => (one.said < other.said ? -1 : one.said > other.said ? 1 : 0));

/** Which point each meter of a premise measures when, and when that is in dispute, by what is told there and elsewhere. */
const placesOfMeters = ({ starts, settled = [] }: ToldInstallations, elsewhere: ToldElsewhere) => {
  const here = starts.map(({ ends, ...told }) => ({
    ...told,
    isHere: true,
    holder: told.servicePoint,
    to: endSaid({ ends }),
  }));
  const others = elsewhere.claims.map((one) => ({ ...one, isHere: false, holder: one.servicePoint, serial: null }));
  const all = elsewhere.claims.length === 0 ? here : inOrder<(typeof here)[number]>([...here, ...others]);
  const decided = elsewhere.settled.length === 0 ? settled : inOrder([...settled, ...elsewhere.settled]);
  return effectivePeriods(all, ({ meter }) => meter, decided);
};

/** Times of which sources say that a meter of a premise measures several points, one of the premise among them. */
export const disputedInstallations = (told: ToldInstallations, elsewhere: ToldElsewhere) =>
  placesOfMeters(told, elsewhere).disputed.filter(({ claims }) => claims.some(({ isHere }) => isHere));

/**
 * Which meter measured which point of a premise when: a meter measures one point at a time. Told again while it is there, it is one
 * installation.
 * @param elsewhere what is told of its meters at other premises; as the premise alone knows it where absent
 */
export const effectiveInstallations = (
  told: ToldInstallations,
  elsewhere: ToldElsewhere = nowhereElse,
): readonly Installation[] => {
  const held = placesOfMeters(told, elsewhere).held.filter(({ isHere }) => isHere);
  const joinedUp: Installation[] = [];
  for (const { holder: _, source: _source, said: _said, isHere: _here, ...one } of held) {
    const last = joinedUp.findLastIndex(({ meter }) => meter === one.meter);
    const before = joinedUp[last];
    if (before !== undefined && before.servicePoint === one.servicePoint && before.to === one.from)
      joinedUp[last] = joined(before, one);
    else joinedUp.push(one);
  }
  return joinedUp;
};

type EventFact = FactOf<'metering.event.recorded.v1'>;
type ExceptionFact = FactOf<'metering.exception.raised.v1' | 'metering.exception.resolved.v1'>;
type TaskFact = FactOf<'metering.task.opened.v1' | 'metering.task.closed.v1'>;
type OfMeter = InstalledFact | RemovedFact | SettledFact | EventFact | ExceptionFact | TaskFact;

const withEvent = (state: MeteringState, fact: EventFact, named: PlacedMeter): MeteringState | 'groundless' => {
  const { event, value = null } = fact.data;
  if (event === undefined) return 'groundless';
  const { meter, servicePoint } = named;
  const recorded: RecordedEvent = { meter, servicePoint, event, at: fact.occurredAt, value };
  return { ...state, events: [...(state.events ?? []), recorded].slice(-keptEvents) };
};

/** What a fact that speaks of a meter at a point makes of a state. */
const withMeter = (state: MeteringState, fact: OfMeter): MeteringState | 'groundless' => {
  const { meter, servicePoint } = fact.data;
  if (meter === undefined || servicePoint === undefined) return 'groundless';
  const named = { meter, servicePoint };
  switch (fact.type) {
    case 'metering.exception.raised.v1':
    case 'metering.exception.resolved.v1':
      return withException(state, fact, named);
    case 'metering.task.opened.v1':
    case 'metering.task.closed.v1':
      return withTask(state, fact, named);
    case 'metering.event.recorded.v1':
      return withEvent(state, fact, named);
    default: {
      const installations = applyInstallation(state.installations, fact, named);
      return installations === 'groundless' ? installations : { ...state, installations };
    }
  }
};

export const metering: Family<MeteringState> = {
  name: 'metering',
  of: 'premise',
  rules: 11,
  growingLimit,
  empty: () => ({ installations: { starts: [] } }),
  apply(state, fact) {
    switch (fact.type) {
      // They stand on the record and change no state of it: what they say is read where readings are.
      case 'metering.correction.made.v1':
      case 'metering.month.closed.v1':
        return fact.data.servicePoint === undefined ? 'groundless' : state;
      case 'metering.insight.found.v1':
      case 'metering.insight.ended.v1':
      case 'metering.insight.decided.v1':
        return withInsight(state, fact);
      case 'metering.meter.installed.v1':
      case 'metering.meter.removed.v1':
      case 'metering.dispute.settled.v1':
      case 'metering.exception.raised.v1':
      case 'metering.exception.resolved.v1':
      case 'metering.task.opened.v1':
      case 'metering.task.closed.v1':
      case 'metering.event.recorded.v1':
        return withMeter(state, fact);
      default:
        return 'groundless';
    }
  },
};
