import type { View360 } from '#functions/view.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { ByteReader, ByteWriter, cutText, indexIn, packWithin } from '#shared/profile/rules/view/packed.ts';
import type { ViewBasis } from '#shared/profile/rules/view/section.ts';
import type { StoredSection } from '#shared/profile/rules/view/stored-section.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { Channel, Writer } from '#shared/vocabulary/statuses.ts';
import { type Interaction, type InteractionState, interactions } from './interactions.ts';

const outcomes = ['resolved', 'follow-up', 'transferred', 'abandoned', 'no-answer', 'delivered'] as const;

export interface InteractionView {
  readonly recent: readonly {
    readonly id: string;
    readonly at: string;
    readonly channel: Channel;
    readonly direction: 'inbound' | 'outbound';
    readonly reason: string;
    readonly summary: string | null;
    readonly outcome: string | null;
    readonly writtenBy: Writer;
  }[];
  readonly more: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly handover: { readonly text: string; readonly at: string; readonly by: string } | null;
}

/** Channel, direction and who wrote it, as one number of one byte. */
const codeOf = ({ channel, direction, writtenBy }: Interaction): number =>
  (Channel.options.indexOf(channel) * Writer.options.length + Writer.options.indexOf(writtenBy)) * 2 +
  (direction === 'outbound' ? 1 : 0);

const writeInteraction = (writer: ByteWriter, one: Interaction, summaryBytes: number): void => {
  const outcome = indexIn(outcomes, one.outcome);
  writer
    .id(one.id)
    .instant(one.at)
    .whole(codeOf(one))
    .whole(outcome + 1)
    .text(one.reason)
    .text(typeof one.summary === 'string' ? cutText(one.summary, summaryBytes) : '');
};

const packInteractionWay = (state: InteractionState, shown: number, summaryBytes: number): Uint8Array => {
  const recent = state.recent.slice(-5).toReversed().slice(0, shown);
  const writer = new ByteWriter();
  const total = Object.values(state.counts).reduce((sum, count) => sum + count, 0);
  writer.whole(total - recent.length).list(recent, (one) => writeInteraction(writer, one, summaryBytes));
  const counts = Object.entries(state.counts);
  writer.list(counts, ([channel, count]) => {
    writer.whole(Math.max(0, indexIn(Channel.options, channel))).whole(count);
  });
  const handover = state.handover;
  if (handover === null || isErased(handover.text)) return writer.whole(0).bytes();
  return writer
    .whole(1)
    .text(cutText(handover.text, summaryBytes === 0 ? 60 : 160))
    .instant(handover.at)
    .text(cutText(handover.by, 40))
    .bytes();
};

export const packInteractions = (states: States): Uint8Array => {
  const { state } = stateOf(states, interactions);
  const ways = [
    [5, 120],
    [5, 60],
    [4, 60],
    [3, 60],
    [3, 0],
    [2, 0],
    [1, 0],
    [0, 0],
  ] as const;
  return packWithin(
    packBudgets.interactions,
    ways.map(
      ([shown, summaryBytes]) =>
        () =>
          packInteractionWay(state, shown, summaryBytes),
    ),
  );
};

export const readInteractions = (bytes: Uint8Array): InteractionView => {
  const reader = new ByteReader(bytes);
  const more = reader.whole();
  const recent = reader.list(() => {
    const id = reader.id('interaction');
    const at = reader.instant();
    const code = reader.whole();
    const [place, writer] = [Math.floor((code >> 1) / Writer.options.length), (code >> 1) % Writer.options.length];
    const outcome = outcomes[reader.whole() - 1] ?? null;
    const reason = reader.text();
    const summary = reader.text();
    return {
      id,
      at,
      channel: Channel.options[place] ?? ('system' as const),
      direction: code & 1 ? ('outbound' as const) : ('inbound' as const),
      reason,
      summary: summary === '' ? null : summary,
      outcome,
      writtenBy: Writer.options[writer] ?? ('system' as const),
    };
  });
  const counts = Object.fromEntries(
    reader.list(() => [Channel.options[reader.whole()] ?? 'system', reader.whole()] as const),
  );
  const handover = reader.whole() === 0 ? null : { text: reader.text(), at: reader.instant(), by: reader.text() };
  return { recent, more, counts, handover };
};

export const interactionSection: StoredSection = {
  place: 3,
  pack: (states) => (states.has(interactions.name) ? packInteractions(states) : undefined),
};

const none: InteractionView = { recent: [], more: 0, counts: {}, handover: null };

/** Conversations, as the 360 view tells them. */
export const showInteractions = ({ parts }: ViewBasis): View360['interactions'] => {
  const packed = parts.stored.get(interactionSection.place);
  const { recent, counts, handover, more } = packed === undefined ? none : readInteractions(packed);
  return {
    recent: recent.map(({ summary, outcome, ...one }) => ({
      ...one,
      ...(summary === null ? {} : { summary }),
      ...(outcome === null ? {} : { outcome }),
    })),
    counts,
    handover,
    ...(more > 0 ? { more } : {}),
  };
};
