import type { FactDefinition } from '#shared/contracts/facts/definition.ts';
import type { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import { maySay, notItsToSay } from '#shared/contracts/facts/sources.ts';
import { type OutcomeOf, rejected } from '#shared/facts/fact-outcome.ts';
import { pointerOf, type Sender } from './placement.ts';

/** Why a fact is not this sender's to say, whatever it says; undefined where it is. */
export const refusedOf = (
  incoming: IncomingFact,
  definition: FactDefinition,
  sender: Sender,
): OutcomeOf<'rejected'> | undefined => {
  const { system } = incoming.source;
  const source = sender.speaksFor(system);
  if (source === undefined) {
    return rejected('source.refused', `You may not send facts of the source "${system}".`, 'source.refused', [
      { pointer: '/source/system', code: 'refused', message: 'is not a source of this client' },
    ]);
  }
  if (!maySay(source, incoming.type)) {
    const message =
      definition.ownOnly === true
        ? `Facts of the type ${incoming.type} are made by this system alone.`
        : `The source "${system}" may not say facts of the type ${incoming.type}.`;
    return rejected('fact.type-not-allowed', message, 'fact.type-not-allowed', [
      { pointer: '/type', code: 'not-allowed', message: 'is not a type of this source' },
    ]);
  }
  const members = notItsToSay(source, incoming.type, incoming.data);
  if (members.length === 0) return undefined;
  const message = `The source "${system}" may not say this by a fact of the type ${incoming.type}.`;
  const pointers = members.map((member) => ({
    pointer: `/data${pointerOf([member])}`,
    code: 'not-allowed',
    message: 'is not for this source to say',
  }));
  return rejected('fact.value-not-allowed', message, 'fact.value-not-allowed', pointers);
};
