import type { FactOf } from '#shared/contracts/facts/fact.ts';
import type { Family } from '#shared/profile/rules/fold.ts';
import { isCustomersSource, sourceOf, writerOf } from '#shared/profile/rules/writer.ts';
import type { Erased } from '#shared/vocabulary/fact.ts';
import type { Channel, Writer } from '#shared/vocabulary/statuses.ts';
import { askedInWords, askedOf, type RequestsState, requested, settled } from './change-requests.ts';

export interface Interaction {
  readonly id: string;
  readonly at: string;
  readonly channel: Channel;
  readonly direction: string;
  readonly reason: string;
  readonly summary: string | Erased | null;
  readonly outcome: string | null;
  readonly writtenBy: Writer;
}

/**
 * Contacts with a customer: the last 8, how many by channel, what the next agent must know, and what the customer asked for that is
 * to be decided on.
 */
export interface InteractionState {
  readonly recent: readonly Interaction[];
  readonly counts: Readonly<Record<string, number>>;
  readonly handover: { readonly text: string | Erased; readonly at: string; readonly by: string } | null;
  readonly requests: RequestsState;
}

const keptRecent = 8;
/** Of those, what customers wrote: however much they write, what staff wrote last stays in sight. */
const keptOfCustomers = 4;

/** Reason of the interaction that a request for a change is. */
export const changeRequestReason = 'change-request';

const withRecent = (recent: readonly Interaction[], interaction: Interaction): readonly Interaction[] => {
  const all = [...recent, interaction];
  const theirs = all.filter(({ writtenBy }) => writtenBy === 'customer');
  const left = theirs.length > keptOfCustomers ? all.filter((one) => one !== theirs[0]) : all;
  return left.slice(-keptRecent);
};

const counted = (counts: InteractionState['counts'], channel: Channel): InteractionState['counts'] => {
  const after = { ...counts, [channel]: (counts[channel] ?? 0) + 1 };
  return Object.fromEntries(Object.entries(after).sort(([a], [b]) => (a < b ? -1 : 1)));
};

type Logged = FactOf<'contact.interaction.logged.v1'>;

/** What was said, as far as the one who wrote it can say it: a customer turns to the utility, and does not say how it ended. */
const saidIn = (
  { data: { direction, reason, summary, outcome } }: Logged,
  writtenBy: Writer,
): Pick<Interaction, 'direction' | 'reason' | 'summary' | 'outcome'> => {
  const byCustomer = writtenBy === 'customer';
  return {
    direction: byCustomer ? 'inbound' : (direction ?? 'inbound'),
    reason: reason ?? '',
    summary: typeof summary === 'string' ? summary.slice(0, 200) : (summary ?? null),
    outcome: byCustomer ? null : (outcome ?? null),
  };
};

/** What the next agent must know is staff's to say, or a system's of ours: neither the customer's nor their portal's. */
const handoverOf = (fact: Logged, writtenBy: Writer): string | Erased | undefined =>
  writtenBy === 'customer' || isCustomersSource(sourceOf(fact)) ? undefined : fact.data.handover;

const logged = (state: InteractionState, fact: Logged): InteractionState | 'groundless' => {
  const { channel } = fact.data;
  if (channel === undefined || fact.entity === undefined) return 'groundless';
  const writtenBy = writerOf(fact);
  const said = saidIn(fact, writtenBy);
  const handover = handoverOf(fact, writtenBy);
  return {
    ...state,
    recent: withRecent(state.recent, {
      id: fact.entity,
      at: fact.occurredAt,
      channel,
      ...said,
      writtenBy,
    }),
    counts: counted(state.counts, channel),
    handover: handover === undefined ? state.handover : { text: handover, at: fact.occurredAt, by: fact.source.actor },
  };
};

/** A request for a change is an interaction too: the customer wrote it. */
const changeRequested = (
  state: InteractionState,
  fact: FactOf<'contact.change-request.made.v1'>,
): InteractionState | 'groundless' => {
  const { channel } = fact.data;
  if (channel === undefined || fact.entity === undefined) return 'groundless';
  const requests = requested(state.requests, fact, fact.entity);
  if (requests === 'groundless') return 'groundless';
  const interaction: Interaction = {
    id: fact.entity,
    at: fact.occurredAt,
    channel,
    direction: 'inbound',
    reason: changeRequestReason,
    summary: `Asks to change: ${askedOf(fact)
      .map((name) => askedInWords[name])
      .join(', ')}.`,
    outcome: null,
    writtenBy: 'customer',
  };
  return {
    ...state,
    recent: withRecent(state.recent, interaction),
    counts: counted(state.counts, channel),
    requests,
  };
};

export const interactions: Family<InteractionState> = {
  name: 'interactions',
  of: 'customer',
  rules: 3,
  empty: () => ({ recent: [], counts: {}, handover: null, requests: { open: [], settled: [] } }),
  apply(state, fact) {
    switch (fact.type) {
      case 'contact.interaction.logged.v1':
        return logged(state, fact);
      case 'contact.change-request.made.v1':
        return changeRequested(state, fact);
      case 'contact.change-request.settled.v1': {
        const requests = settled(state.requests, fact);
        return requests === 'groundless' ? 'groundless' : { ...state, requests };
      }
      default:
        return 'groundless';
    }
  },
};
