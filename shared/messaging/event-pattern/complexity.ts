import type { Alternative } from './alternative.ts';
import type { Rule } from './rules.ts';
import { star, type WildcardToken } from './wildcard.ts';

/**
 * How hard the wildcards of a field are to tell apart: the most beginnings of wildcards that one text can fit at once, as event-ruler's
 * MachineComplexityEvaluator counts them. EventBridge refuses more than ten.
 */
export const mostComplex = 10;

/** Sets of beginnings looked at before a field counts as too complex; what people write needs a few hundred. */
const mostSets = 20_000;

interface State {
  /** Alternatives it leads to; each counts once. */
  readonly leadsTo: Set<string>;
  readonly onSign: Map<string, Set<State>>;
  /** States that any character leads to. */
  readonly onAny: Set<State>;
}

const newState = (): State => ({ leadsTo: new Set(), onSign: new Map(), onAny: new Set() });

const link = (from: State, sign: string, to: State): void => {
  const known = from.onSign.get(sign);
  if (known === undefined) from.onSign.set(sign, new Set([to]));
  else known.add(to);
};

/** The states of all wildcards of a field. What comes before a first star is shared; after it each wildcard goes alone. */
const build = (alternatives: readonly Alternative[]): State => {
  const start = newState();
  const shared = new Map<string, State>();
  const ends = new Map<string, State>();
  const sharedState = (states: Map<string, State>, key: string): State => {
    const known = states.get(key) ?? newState();
    states.set(key, known);
    return known;
  };
  for (const { identity, wildcards } of alternatives)
    for (const tokens of wildcards) {
      const quoted: readonly WildcardToken[] = ['"', ...tokens, '"'];
      let [previous, current, beginning, determinate] = [start, start, '', true];
      for (const [index, token] of quoted.entries()) {
        const last = index === quoted.length - 1;
        beginning += token === star ? '\u0000' : token;
        const alone = !determinate || last;
        const state = last ? sharedState(ends, identity) : alone ? newState() : sharedState(shared, beginning);
        if (token === star) {
          current.onAny.add(state);
          state.onAny.add(state);
          determinate = false;
        } else {
          link(current, token, state);
          if (quoted[index - 1] === star) link(previous, token, state);
        }
        state.leadsTo.add(identity);
        [previous, current] = [current, state];
      }
    }
  return start;
};

const weightOf = (states: ReadonlySet<State>): number => {
  let weight = 0;
  for (const state of states) {
    weight += state.leadsTo.size;
    for (const next of state.onAny) if (!states.has(next)) weight += next.leadsTo.size;
  }
  return weight;
};

/** After a character; `undefined` is one that no wildcard names. */
const after = (states: ReadonlySet<State>, sign: string | undefined): ReadonlySet<State> => {
  const next = new Set<State>();
  for (const state of states) {
    for (const one of state.onAny) next.add(one);
    if (sign !== undefined) for (const one of state.onSign.get(sign) ?? []) next.add(one);
  }
  return next;
};

/** The measure of a field, or `mostComplex` + 1 where it is more. */
export const complexityOf = (alternatives: readonly Alternative[]): number => {
  const ids = new Map<State, number>();
  const keyOf = (states: ReadonlySet<State>): string =>
    [...states]
      .map((state) => {
        const id = ids.get(state) ?? ids.size;
        ids.set(state, id);
        return id;
      })
      .sort((left, right) => left - right)
      .join(' ');

  const seen = new Set<string>();
  const open: ReadonlySet<State>[] = [new Set([build(alternatives)])];
  let most = 0;
  for (let states = open.pop(); states !== undefined; states = open.pop()) {
    const signs = new Set([...states].flatMap((state) => [...state.onSign.keys()]));
    for (const sign of [undefined, ...signs]) {
      const next = after(states, sign);
      if (next.size === 0) continue;
      most = Math.max(most, weightOf(next));
      if (most > mostComplex || seen.size > mostSets) return mostComplex + 1;
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return most;
};

/** Pointer to the field whose wildcards are too complex; alternatives of one path in several rules count together. */
export const tooComplex = (rules: readonly Rule[]): string | undefined => {
  const fields = new Map<string, { readonly pointer: string; readonly wild: Map<string, Alternative> }>();
  for (const rule of rules)
    for (const [path, { pointer, alternatives }] of rule) {
      const field = fields.get(path) ?? { pointer, wild: new Map<string, Alternative>() };
      fields.set(path, field);
      for (const alternative of alternatives)
        if (alternative.wildcards.length > 0) field.wild.set(alternative.identity, alternative);
    }
  return [...fields.values()].find(({ wild }) => wild.size > 0 && complexityOf([...wild.values()]) > mostComplex)
    ?.pointer;
};
