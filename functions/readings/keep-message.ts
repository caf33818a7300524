import { doorOf } from '#shared/facts/door-audit.ts';
import { type FactOutcome, isSetAside, isToBeSentAgain, type SetAsideStatus } from '#shared/facts/fact-outcome.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { ConditionFailed, type Item, type Table } from '#shared/table/table.ts';
import type { Keepable } from './judge-message.ts';
import { factsOfEvent, meterSender } from './meter-events.ts';

export interface KeepMessageParts {
  readonly readings: Table;
  readonly submit: SubmitFacts;
}

/** What became of a message: kept, another content stands in its place, or to be tried again. */
export type MessageKept =
  | 'stored'
  | 'conflict'
  | 'failed'
  | { readonly elsewhere: SetAsideStatus; readonly entry: string };

const sameRead = (left: Item | undefined, right: Item): boolean =>
  left !== undefined && left.value === right.value && left.quality === right.quality;

/** Keeps what a dial stood at, once: the first content of an instant and revision stands. */
const keepRead = async (readings: Table, item: Item): Promise<MessageKept> => {
  try {
    await readings.commit([{ put: item, when: { kind: 'absent' }, mayRepeat: true }]);
    return 'stored';
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return sameRead(await readings.get({ pk: item.pk, sk: item.sk }, { consistent: true }), item)
      ? 'stored'
      : 'conflict';
  }
};

/** What became of the facts of one message, as one outcome: the worst of them. */
const worstOf = (outcomes: readonly FactOutcome[]): MessageKept => {
  if (outcomes.some(isToBeSentAgain)) return 'failed';
  for (const outcome of outcomes) {
    if (isSetAside(outcome)) return { elsewhere: outcome.status, entry: outcome.factId };
    // What is no fact is kept aside here all the same.
    if (outcome.status === 'rejected') return { elsewhere: 'quarantined', entry: outcome.code };
  }
  return 'stored';
};

/** Keeps a register read or the facts of an event; throws where the table does not answer. */
export const keepMessage = async (
  parts: KeepMessageParts,
  message: Exclude<Keepable, { keep: 'block' }>,
  requestId: string,
): Promise<MessageKept> => {
  if (message.keep === 'read') return keepRead(parts.readings, message.item);
  const sender = meterSender(message.meter.thing);
  const door = doorOf('telemetry', sender.actor, requestId);
  const facts = factsOfEvent(message.meter, message.event);
  return worstOf(await parts.submit(facts, sender, { keepRejected: true, door }));
};
