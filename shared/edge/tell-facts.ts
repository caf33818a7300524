import { ownSource } from '#shared/contracts/facts/sources.ts';
import { isKept } from '#shared/facts/fact-outcome.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import type { Change } from '#shared/table/table.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import type { ToldFact } from '#shared/vocabulary/told-fact.ts';
import type { TakeChanges, Taken } from './changes.ts';

interface Told {
  readonly position: string;
  readonly fact: ToldFact;
}

/** Those of one service point next to each other, each point's in the order they came. */
const byServicePoint = (told: readonly Told[]): readonly Told[] =>
  told.toSorted(({ fact: { data: one } }, { fact: { data: other } }) =>
    one.servicePoint === other.servicePoint ? 0 : one.servicePoint < other.servicePoint ? -1 : 1,
  );

/**
 * A reader that makes facts of changes and keeps those of a batch together: what is told of one premise takes few commits, and
 * between them others come to write there too. `factsOf` may also write what else follows from a change.
 * @param part of the system, as the facts name who recorded them
 */
export const telling = (
  submit: SubmitFacts,
  part: string,
  factsOf: (change: Change) => Promise<readonly ToldFact[]>,
): TakeChanges => {
  const sender: Sender = { actor: `system:${part}`, speaksFor: ownSource, supervisor: false };
  const source = { system: ownSystem, channel: 'system' };

  const keep = async (told: readonly Told[]): Promise<Taken> => {
    const together = byServicePoint(told);
    const outcomes = await submit(
      together.map(({ fact: { type, event, occurredAt, data } }) => ({
        type,
        source,
        sourceEventId: event,
        occurredAt,
        data,
      })),
      sender,
    );
    const unkept = new Map(
      together.flatMap((one, place) => {
        const outcome = outcomes[place];
        return isKept(outcome) ? [] : [[one, outcome?.status ?? 'no result'] as const];
      }),
    );
    const first = told.find((one) => unkept.has(one));
    if (first === undefined) return {};
    return { failed: first.position, cause: new Error(`a fact about readings was not kept: ${unkept.get(first)}`) };
  };

  return async (changes) => {
    const told: Told[] = [];
    let stopped: Taken = {};
    for (const change of changes) {
      try {
        told.push(...(await factsOf(change)).map((fact) => ({ position: change.position, fact })));
      } catch (cause) {
        stopped = { failed: change.position, cause };
        break;
      }
    }
    if (told.length === 0) return stopped;
    const kept = await keep(told);
    return kept.failed === undefined ? stopped : kept;
  };
};
