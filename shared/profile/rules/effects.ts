import type { Family, OrderedFact, Parts } from './fold.ts';
import { factsByPart } from './fold-parts.ts';

/** What one fact did to the state of its family. */
export interface Effect<State> {
  readonly entry: OrderedFact;
  readonly before: State;
  readonly after: State;
  /** False where it changed nothing: a retraction, a fact taken back, one without ground. */
  readonly counted: boolean;
  /** Where the fact was taken back: the state as it would be, had it not been. */
  readonly would?: State;
}

/** What each fact of a family did, in fold order. `facts` are all there are of the family. */
export const effectsOf = <State>(family: Family<State>, facts: readonly OrderedFact[]): readonly Effect<State>[] => {
  const standing = new Map<string, OrderedFact>();
  let state = family.empty();
  return facts.map((entry) => {
    const before = state;
    const nothing = { entry, before, after: before, counted: false };
    if (entry.retraction) return nothing;
    const next = family.apply(before, entry.fact, { created: (entity) => standing.get(entity)?.fact });
    if (entry.retracted) return next === 'groundless' ? nothing : { ...nothing, would: next };
    if (entry.fact.entity !== undefined) standing.set(entry.fact.entity, entry);
    if (next === 'groundless') return nothing;
    state = next;
    return { entry, before, after: next, counted: true };
  });
};

/** The state that the facts end in. */
export const endOf = <State>(family: Family<State>, effects: readonly Effect<State>[]): State =>
  effects.at(-1)?.after ?? family.empty();

/** The states that the facts of each part end in. */
export const endsOfParts = <Part>(parts: Parts<Part>, facts: readonly OrderedFact[]): readonly Part[] => {
  const byPart = factsByPart(parts, facts);
  return [...byPart].flatMap(([part, own]) =>
    part === undefined ? [] : [endOf(parts.family, effectsOf(parts.family, own))],
  );
};
