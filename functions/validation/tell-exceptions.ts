import { installationAt } from '#functions/readings/rules/accept-message.ts';
import { readMeter } from '#shared/profile/store/meters.ts';
import type { Change, Table } from '#shared/table/table.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import type { ToldFact } from '#shared/vocabulary/told-fact.ts';
import { isSameFinding } from './rules/exception-life.ts';
import type { VeeException } from './rules/judgement.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { type StoredException, storedExceptionOf } from './store/reading-exceptions.ts';

const stands = (one: StoredException | undefined): boolean => one?.state === 'open' || one?.state === 'filled';

/** Judging opens what was dismissed only where it finds something else. */
const isTakenBack = (before: StoredException | undefined, after: StoredException): boolean =>
  before?.state === 'dismissed' && isSameFinding(before.exception, after.exception);

/** What a fact says of an exception that stands. */
export const whatWasFound = ({ ruleId, version, severity, from, to, quality }: VeeException) => ({
  rule: ruleId,
  ruleVersion: version,
  severity,
  start: instantOf(from),
  end: instantOf(to),
  ...(quality === undefined ? {} : { quality }),
});

/** The fact that an exception's item amounts to; undefined where it neither came to stand nor ceased to. */
export const factOfException = (
  before: StoredException | undefined,
  after: RegisterPlace & StoredException,
  servicePoint: string,
): ToldFact | undefined => {
  // What a person dismissed, or took their dismissal of back, was told with the decision.
  if (stands(before) === stands(after) || after.state === 'dismissed' || isTakenBack(before, after)) return undefined;
  const { exception, version: revision, meter, register, state } = after;
  const { id, from } = exception;
  const common = { servicePoint, meter, register, exception: id, revision };
  const event = `readings:${id}:${revision}`;
  // The start is part of the id, so that the facts of one exception lie in the order in which it changed.
  const occurredAt = new Date(from * 1000 + revision).toISOString();
  if (!stands(after)) {
    return { type: 'metering.exception.resolved.v1', event, occurredAt, data: { ...common, outcome: state } };
  }
  return { type: 'metering.exception.raised.v1', event, occurredAt, data: { ...common, ...whatWasFound(exception) } };
};

/** The fact of a change of the readings table: of an exception that came to stand or ceased to, for the premise. */
export const toldOfException = async (profile: Table, { before, after }: Change): Promise<ToldFact | undefined> => {
  const now = after === undefined ? undefined : storedExceptionOf(after);
  if (now === undefined) return undefined;
  const meter = await readMeter(profile, now.meter);
  const place = installationAt(meter?.installations ?? [], now.exception.from);
  if (place === undefined) return undefined;
  return factOfException(before === undefined ? undefined : storedExceptionOf(before), now, place.servicePoint);
};
