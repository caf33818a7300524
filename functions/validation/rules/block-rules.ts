import { endOf, type IntervalRun } from '#functions/readings/rules/runs.ts';
import { quality, type Unit } from '#shared/vocabulary/measures.ts';
import { holds } from '#shared/vocabulary/ranges.ts';
import type { RuleId } from '#shared/vocabulary/reading-rules.ts';
import { midnightBefore, secondsOf } from '#shared/vocabulary/time.ts';
import { type ExceptionChange, type KnownException, reconcile } from './exception-life.ts';
import { exceptionOf, type RegisterGround, type VeeException, type Violation } from './judgement.ts';
import { firstOf } from './rule-pack.ts';

/** A block as it arrived; instants in Unix seconds. What the sender did not say is left out. */
export interface BlockArrival {
  readonly run: IntervalRun;
  readonly receivedAt: number;
  readonly unit?: Unit;
  readonly powerOfTen?: number;
  readonly multiplier?: number;
  /** What the meter's clock showed when it sent. */
  readonly meterClock?: number;
}

type BlockRule = (arrival: BlockArrival, ground: RegisterGround) => Omit<Violation, 'from' | 'to'> | undefined;

const futureTime: BlockRule = ({ run, receivedAt }, { configuration }) => {
  const ahead = endOf(run) - receivedAt;
  if (ahead <= configuration.futureTime.seconds) return undefined;
  return { severity: 'reject', evidence: { aheadSeconds: ahead, allowed: configuration.futureTime.seconds } };
};

const tooOld: BlockRule = ({ run }, { register }) => {
  if (register.acceptFrom === undefined || run.start * 1000 >= Date.parse(register.acceptFrom)) return undefined;
  return { severity: 'quarantine', evidence: { start: run.start, acceptFrom: secondsOf(register.acceptFrom) } };
};

const intervalSize: BlockRule = ({ run }, { register }) =>
  run.interval === register.intervalSeconds
    ? undefined
    : { severity: 'reject', evidence: { seconds: run.interval, expected: register.intervalSeconds } };

const alignment: BlockRule = ({ run }, { register, configuration }) => {
  const off = (run.start - midnightBefore(register.zone, run.start)) % run.interval;
  if (off === 0) return undefined;
  return { severity: configuration.alignment.severity, evidence: { offSeconds: off } };
};

const unitOfMeasure: BlockRule = ({ unit, powerOfTen }, { register }) => {
  const sameUnit = unit === undefined || unit === register.unit;
  const sameScale = powerOfTen === undefined || powerOfTen === register.powerOfTen;
  if (sameUnit && sameScale) return undefined;
  const said = `${unit ?? register.unit}e${powerOfTen ?? register.powerOfTen}`;
  return { severity: 'reject', evidence: { said, expected: `${register.unit}e${register.powerOfTen}` } };
};

const multiplier: BlockRule = (arrival, { configuration }) => {
  const expected = configuration.dial?.multiplier ?? 1;
  if (arrival.multiplier === undefined || arrival.multiplier === expected) return undefined;
  return { severity: 'fail', quality: quality.questionable, evidence: { said: arrival.multiplier, expected } };
};

/** Every interval must begin while the meter is installed; one that begins while it is disconnected may only be zero. */
const inactiveDevice: BlockRule = ({ run }, { installed, disconnected }) => {
  const wrong = run.values.filter((value, index) => {
    const at = run.start + index * run.interval;
    return !holds(installed, at) || (value !== null && value !== 0 && holds(disconnected, at));
  }).length;
  return wrong === 0 ? undefined : { severity: 'quarantine', evidence: { intervals: wrong } };
};

const timeDrift: BlockRule = ({ meterClock, receivedAt }, { register, configuration }) => {
  if (meterClock === undefined) return undefined;
  const drift = meterClock - receivedAt;
  const evidence = { driftSeconds: drift, allowed: configuration.timeDrift.seconds };
  if (Math.abs(drift) > register.intervalSeconds) {
    return { severity: 'fail', quality: quality.questionable, evidence };
  }
  return Math.abs(drift) > configuration.timeDrift.seconds ? { severity: 'warn', evidence } : undefined;
};

const blockRules: readonly (readonly [RuleId, BlockRule])[] = [
  ['future-time', futureTime],
  ['interval-size', intervalSize],
  ['alignment', alignment],
  ['unit-of-measure', unitOfMeasure],
  ['too-old', tooOld],
  ['inactive-device', inactiveDevice],
  ['multiplier', multiplier],
  ['time-drift', timeDrift],
];

/**
 * Judges a block as it arrives, worst first. One that is rejected or quarantined is not stored; what fails or warns stands over
 * its time and is kept (`blockChanges`) and handed to `judgeDays` among the known.
 */
export const judgeBlock = (arrival: BlockArrival, ground: RegisterGround): readonly VeeException[] => {
  const { off } = ground.configuration;
  const range = { from: arrival.run.start, to: endOf(arrival.run) };
  return blockRules
    .filter(([ruleId]) => !off.includes(ruleId))
    .flatMap(([ruleId, rule]) => {
      const found = rule(arrival, ground);
      return found === undefined ? [] : [exceptionOf(ground, ruleId, { ...range, ...found })];
    })
    .toSorted(firstOf);
};

/** Rules whose exceptions stand over the time of a block that was stored. */
export const storedBlockRules: ReadonlySet<RuleId> = new Set(['multiplier', 'time-drift']);

/**
 * What is to be written of exceptions once a block is stored: what fails or warns opens, and what an earlier block of the same
 * time left is resolved where this one is right.
 * @param known exceptions kept over the time of the block
 * @param found what `judgeBlock` said of it
 */
export const blockChanges = (
  known: readonly KnownException[],
  found: readonly VeeException[],
  run: IntervalRun,
): readonly ExceptionChange[] =>
  reconcile(known, {
    exceptions: found.filter(({ ruleId }) => storedBlockRules.has(ruleId)),
    isFilled: () => false,
    lookedAt: ({ ruleId, from, to }) => storedBlockRules.has(ruleId) && run.start <= from && to <= endOf(run),
    goesOn: () => false,
    settledIn: () => new Set(),
  });
