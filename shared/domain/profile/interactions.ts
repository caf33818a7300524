import type { Erased } from '#shared/vocabulary/fact.ts';
import { Channel } from '#shared/vocabulary/statuses.ts';
import { sealedText, text } from './fact-data.ts';
import type { Family } from './fold.ts';

export interface Interaction {
  readonly id: string;
  readonly at: string;
  readonly channel: Channel;
  readonly direction: string;
  readonly reason: string;
  readonly summary: string | Erased | null;
  readonly outcome: string | null;
}

/** Contacts with a customer: the last 8, how many by channel, and what the next agent must know. */
export interface InteractionState {
  readonly recent: readonly Interaction[];
  readonly counts: Readonly<Record<string, number>>;
  readonly handover: { readonly text: string | Erased; readonly at: string; readonly by: string } | null;
}

const keptRecent = 8;

export const interactions: Family<InteractionState> = {
  name: 'interactions',
  rules: 1,
  empty: () => ({ recent: [], counts: {}, handover: null }),
  apply(state, fact) {
    const channel = Channel.safeParse(fact.data.channel);
    if (fact.type !== 'contact.interaction.logged.v1' || !channel.success || fact.entity === undefined)
      return 'groundless';
    const summary = sealedText(fact, 'summary');
    const interaction: Interaction = {
      id: fact.entity,
      at: fact.occurredAt,
      channel: channel.data,
      direction: text(fact, 'direction') ?? 'inbound',
      reason: text(fact, 'reason') ?? '',
      summary: typeof summary === 'string' ? summary.slice(0, 200) : (summary ?? null),
      outcome: text(fact, 'outcome') ?? null,
    };
    const handover = sealedText(fact, 'handover');
    const counts = { ...state.counts, [channel.data]: (state.counts[channel.data] ?? 0) + 1 };
    return {
      recent: [...state.recent, interaction].slice(-keptRecent),
      counts: Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))),
      handover:
        handover === undefined ? state.handover : { text: handover, at: fact.occurredAt, by: fact.source.actor },
    };
  },
};
