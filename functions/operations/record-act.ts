import type { LocalRoute } from '#shared/contracts/local/definition.ts';
import { type NewEntry, recordAccess } from '#shared/facts/audit.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { newId } from '#shared/runtime/identify.ts';
import type { Table } from '#shared/table/table.ts';

/** An act of the operator as it is asked for: by whom, which, why, and the request it came by. */
export type AskedAct = Pick<NewEntry, 'actor' | 'actorKind' | 'act' | 'route' | 'named'> & {
  readonly reason: string | undefined;
  /** Of the request; one of our own where it has none. */
  readonly requestId?: string;
};

/** What an act is about, as its input names it: entries about it are found by that. */
export const namedBy = ({ about }: Pick<LocalRoute, 'about'>, input: unknown): readonly string[] => {
  if (about === undefined || typeof input !== 'object' || input === null) return [];
  const name: unknown = new Map(Object.entries(input)).get(about);
  return typeof name === 'string' ? [name] : [];
};

export const entryOfAct = (clock: Clock, { reason, ...asked }: AskedAct, outcome: string): NewEntry => {
  const id = newId();
  return {
    at: new Date(clock.now()).toISOString(),
    id,
    requestId: id,
    ...asked,
    ...(reason === undefined ? {} : { reason }),
    outcome,
    fields: [],
    count: 0,
    named: [...asked.named],
  };
};

/** Records an act of the operator, before it is begun and where it fails; DomainError (503) where that cannot be done. */
export const recordAct = (
  { audit, clock }: { readonly audit: Table; readonly clock: Clock },
  asked: AskedAct,
  outcome: string,
): Promise<void> => recordAccess(audit, entryOfAct(clock, asked, outcome));
