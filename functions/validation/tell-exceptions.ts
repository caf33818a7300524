import { installationAt } from '#shared/domain/metering/accept-message.ts';
import { isSameFinding } from '#shared/domain/vee/exception-life.ts';
import type { VeeException } from '#shared/domain/vee/judgement.ts';
import type { RegisterPlace } from '#shared/store/judged-registers.ts';
import { readMeter } from '#shared/store/meters.ts';
import type { Sender } from '#shared/store/place-fact.ts';
import { type StoredException, storedExceptionOf } from '#shared/store/reading-exceptions.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Change, Table } from '#shared/store/table.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { instantOf } from '#shared/vocabulary/time.ts';

export interface TellParts {
  readonly profile: Table;
  readonly submit: SubmitFacts;
}

const sender: Sender = { actor: 'system:validation', mayUse: (named) => named === ownSystem, supervisor: false };

/** A fact about readings that the system makes; what it says once it says always, so that a repeat is the same fact. */
export interface ToldFact {
  readonly type: string;
  readonly event: string;
  readonly occurredAt: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Keeps a fact. Throws where it was not kept: the change comes again. */
export const tell = async (submit: SubmitFacts, { type, event, occurredAt, data }: ToldFact): Promise<void> => {
  const fact = { type, source: { system: ownSystem, channel: 'system' }, sourceEventId: event, occurredAt, data };
  const [result] = await submit([fact], sender);
  if (result?.status !== 'accepted' && result?.status !== 'duplicate') {
    throw new Error(`a fact about readings was not kept: ${result?.status ?? 'no result'}`);
  }
};

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

/** On a change of the readings table: an exception that came to stand or ceased to becomes a fact of the premise. */
export const tellException = async ({ profile, submit }: TellParts, { before, after }: Change): Promise<void> => {
  const now = after === undefined ? undefined : storedExceptionOf(after);
  if (now === undefined) return;
  const meter = await readMeter(profile, now.meter);
  const place = installationAt(meter?.installations ?? [], now.exception.from);
  if (place === undefined) return;
  const fact = factOfException(before === undefined ? undefined : storedExceptionOf(before), now, place.servicePoint);
  if (fact !== undefined) await tell(submit, fact);
};
