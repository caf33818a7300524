import { type Interaction, interactions } from '#functions/customers/rules/interactions.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { OrderedFact } from '#shared/profile/rules/fold.ts';
import { computed, type Explanation, explainSlot } from './explain.ts';

/** A decision on what a customer asked for is no contact with them. */
const isContact = ({ type }: Fact): boolean => type !== 'contact.change-request.settled.v1';

const channelOf = (fact: Fact): string | undefined =>
  fact.type === 'contact.interaction.logged.v1' || fact.type === 'contact.change-request.made.v1'
    ? fact.data.channel
    : undefined;

/**
 * Why what the view tells of contacts is what it is; undefined where there is no such member.
 * @param path names below `interactions`, e.g. `['recent', 'summary']`
 */
export const explainInteractions = (
  facts: readonly OrderedFact[],
  id: string | undefined,
  path: readonly string[],
): Explanation | undefined => {
  const [member = '', below = ''] = path;
  switch (member) {
    case 'recent':
      if (id === undefined)
        return computed(
          'interactions.recent',
          'the latest five contacts, newest first; of those that the customer wrote, the latest four',
          [],
        );
      return explainSlot(interactions, facts, ({ recent }) => {
        const found: Interaction | undefined = recent.find((one) => one.id === id);
        const members: Readonly<Record<string, unknown>> = { ...found };
        return below === '' ? found : (members[below] ?? undefined);
      });
    case 'counts': {
      const counted = facts.filter(
        ({ fact, retraction, retracted }) =>
          isContact(fact) && !retraction && !retracted && (below === '' || channelOf(fact) === below),
      );
      return computed('interactions.counts', 'contacts by channel, all that were ever logged', [
        { what: below === '' ? 'contacts' : `contacts by ${below}`, value: counted.length },
      ]);
    }
    case 'more':
      return computed('interactions.more', 'contacts ever logged, less those that are shown', [
        {
          what: 'contacts',
          value: facts.filter(({ fact, retraction, retracted }) => isContact(fact) && !retraction && !retracted).length,
        },
      ]);
    case 'handover':
      return explainSlot(interactions, facts, ({ handover }) =>
        below === 'at' ? handover?.at : (handover?.text ?? undefined),
      );
    default:
      return undefined;
  }
};
