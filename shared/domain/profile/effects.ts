import type { Family, OrderedFact, Parts } from './fold.ts';

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
export const endsOfParts = <Part>({ family, of }: Parts<Part>, facts: readonly OrderedFact[]): readonly Part[] => {
  const byPart = new Map<string, OrderedFact[]>();
  for (const entry of facts) {
    const part = entry.retraction ? undefined : of(entry.fact);
    if (part === undefined) continue;
    const own = byPart.get(part);
    if (own === undefined) byPart.set(part, [entry]);
    else own.push(entry);
  }
  return [...byPart.values()].map((own) => endOf(family, effectsOf(family, own)));
};
