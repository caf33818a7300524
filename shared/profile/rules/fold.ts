import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import type { SubjectKind } from '#shared/vocabulary/ids.ts';

/** What a rule may ask besides the state: facts it needs that the state no longer holds. */
export interface Ground {
  /** The fact that created a thing, if it stands (is not retracted) and comes before the fact being applied. */
  created(entity: string): Fact | undefined;
}

/**
 * One family of facts about one kind of subject. `apply` is pure and total: a fact whose ground is not there answers
 * `groundless` and changes nothing.
 */
export interface Family<State> {
  readonly name: FamilyName;
  /** Kind of the record whose facts it folds first; a fact may lie, and be folded, in records of other kinds too. */
  readonly of: SubjectKind;
  /** What staff ask of one another: it stands in no timeline of the record, and behind no value that is explained. */
  readonly untold?: true;
  /** Grows with every change of the rules; states of older rules are folded anew. */
  readonly rules: number;
  empty(): State;
  /** The rules themselves keep the state small: no fact of the family may be without effect for its size. */
  readonly bounded?: boolean;
  /** Bytes of JSON up to which a fact may add to its state, where these are more than usual. */
  readonly growingLimit?: number;
  apply(state: State, fact: Fact, ground: Ground): State | 'groundless';
  /** Entities whose creating fact `apply` asks for. */
  needs?(fact: Fact): readonly string[];
  /** Where its state may grow with what a record has to do with: parts of it that are kept and folded apart. */
  readonly parts?: Parts;
  /** It is a part of another: when a source was heard of stays known, also by what was taken back, so that it only grows. */
  readonly isPart?: boolean;
}

/** Parts of a family's state. A fact that belongs to one is folded there and nowhere else. */
export interface Parts<Part = unknown> {
  /** The part that a fact belongs to, `<group>` or `<group>.<part>`; undefined where it speaks of the record itself. */
  of(fact: Fact): string | undefined;
  /** What the parts of one group have to do with the rest, all of them read. */
  sumOf(parts: readonly FoldState<Part>[]): GroupSum;
  /** Folds one part. */
  readonly family: Family<Part>;
  /** The record whose facts a group is of, where several may be one: it lies with that record, whoever holds it. */
  homeOf?(group: string): string;
  /** Whether it is kept when the first group of all began. */
  readonly keepsFirst?: true;
}

/** What is told of a group of parts where not all parts are read. */
export interface GroupSum {
  /** Added up over all groups. */
  readonly counts: Readonly<Record<string, number>>;
  /** Where the group stands in the list of groups, and since when; undefined where it stands in none. */
  readonly listed?: Pick<ListedGroup, 'from' | 'until' | 'gaps'>;
}

/** A group as it stands in the list of groups: those without an end first, then by their ends, the latest first. */
export interface ListedGroup {
  readonly group: string;
  readonly from: string;
  readonly until: string | null;
  /** Times between that it does not last, in their order; left out where there is none. */
  readonly gaps?: readonly (readonly [from: string, to: string])[];
}

/** What is known of all parts together, without reading them. */
export interface OfParts {
  /** Facts in them, retracted ones too. */
  readonly facts: number;
  /** Facts in them that had no effect. */
  readonly groundless: number;
  readonly sources: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  /** When the first of all groups in their list began, where that is kept. */
  readonly first?: string;
}

/** Complete state of a family for one subject. Byte-equal for any order of arrival. */
export interface FoldState<State> {
  readonly rules: number;
  /** Facts in the partition, retracted ones and retractions too. */
  readonly count: number;
  /** Fold order of the last fact; empty before the first. */
  readonly last: string;
  /** Last occurredAt by source system, latest 12. */
  readonly sources: Readonly<Record<string, string>>;
  /** Facts that had no effect for want of ground: latest 20 of them, and how many there are. */
  readonly groundless: { readonly count: number; readonly latest: readonly string[] };
  readonly state: State;
  /** Of a family with parts: what they come to. */
  readonly ofParts?: OfParts;
  /** All parts, where all were read. */
  readonly parts?: ReadonlyMap<string, FoldState<unknown>>;
  /** The first groups of their list, where not all parts were read. */
  readonly firstGroups?: readonly ListedGroup[];
}

/** A fact in its place in the fold, with what took it out. */
export interface OrderedFact {
  readonly order: string;
  /** What facts of one instant, source and sequence have in common: their orders up to the id. */
  readonly group: string;
  /** Turn of its type within the group. */
  readonly turn: number;
  readonly fact: Fact;
  /** Whether it is a retraction itself: it counts, and folds nothing. */
  readonly retraction: boolean;
  /** Whether a retraction names it. */
  readonly retracted: boolean;
}

/** The fold order: by groups, within one by turns of types, then by id. */
export const inFoldOrder = (
  a: Pick<OrderedFact, 'group' | 'turn' | 'order'>,
  b: Pick<OrderedFact, 'group' | 'turn' | 'order'>,
): number => {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1;
  if (a.turn !== b.turn) return a.turn - b.turn;
  return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
};

/** How many facts lie between two checkpoints. */
export const checkpointEvery = 200;

/** A state behind the last fact of a group. */
export interface Checkpoint {
  readonly group: string;
  readonly state: FoldState<unknown>;
}

export const emptyFold = <State>(family: Family<State>): FoldState<State> => ({
  rules: family.rules,
  count: 0,
  last: '',
  sources: {},
  groundless: { count: 0, latest: [] },
  state: family.empty(),
  ...(family.parts === undefined ? {} : { ofParts: noParts, parts: new Map<string, FoldState<unknown>>() }),
});

export const noParts: OfParts = { facts: 0, groundless: 0, sources: {}, counts: {} };

const maxSources = 12;
/** When a source was last heard of, with one more word of it. */
export const withSource = (
  sources: Readonly<Record<string, string>>,
  system: string,
  at: string,
): Readonly<Record<string, string>> => {
  const known = sources[system];
  if (known !== undefined && known >= at) return sources;
  const next = { ...sources, [system]: at };
  const entries = Object.entries(next).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length <= maxSources) return Object.fromEntries(entries);
  const oldest = entries.reduce((least, entry) => (entry[1] < least[1] ? entry : least));
  return Object.fromEntries(entries.filter((entry) => entry !== oldest));
};

const maxGroundless = 20;

/**
 * Bytes of JSON up to which a fact may add to a state. What ends or takes back things adds at most `smallGrowth` bytes and
 * always has its effect: room is kept for it below the limit of an item of 32 KB.
 */
const usualGrowingLimit = 26 * 1024;
const smallGrowth = 64;

const jsonBytes = (state: unknown): number => new TextEncoder().encode(JSON.stringify(state)).length;

/** Whether a state has grown out of its bounds: such a fact has no effect, like one without ground. */
const isTooLarge = (before: unknown, after: unknown, growingLimit: number = usualGrowingLimit): boolean => {
  const text = JSON.stringify(after);
  // No character takes more than three bytes for each unit of its length.
  if (text.length * 3 <= growingLimit) return false;
  const bytes = new TextEncoder().encode(text).length;
  return bytes > growingLimit && bytes - jsonBytes(before) > smallGrowth;
};

const applyOne = <State>(
  family: Family<State>,
  held: FoldState<State>,
  entry: OrderedFact,
  ground: Ground,
): FoldState<State> => {
  const counted = { ...held, count: held.count + 1, last: entry.order };
  if (entry.retraction || (entry.retracted && family.isPart !== true)) return counted;
  const sources = withSource(held.sources, entry.fact.source.system, entry.fact.occurredAt);
  if (entry.retracted) return { ...counted, sources };
  const applied = family.apply(held.state, entry.fact, ground);
  const grown =
    applied !== 'groundless' && family.bounded !== true && isTooLarge(held.state, applied, family.growingLimit);
  const state = grown ? 'groundless' : applied;
  if (state !== 'groundless') return { ...counted, sources, state };
  const latest = [...held.groundless.latest, entry.fact.id].slice(-maxGroundless);
  return { ...counted, sources, groundless: { count: held.groundless.count + 1, latest } };
};

/**
 * The one fold: from a state (empty, a checkpoint or the present) over facts in fold order. `passed` are the groups whose checkpoints
 * are to be written anew on the way; a new one is added where 200 facts lie behind the last. None stands inside a group, since what
 * comes for it later may belong before facts of it.
 * @param ground answers for a fact in its place
 */
export const foldFrom = <State>(
  family: Family<State>,
  from: { readonly state: FoldState<State>; readonly sinceCheckpoint: number },
  facts: readonly OrderedFact[],
  ground: (entry: OrderedFact) => Ground,
  passed: ReadonlySet<string>,
): {
  readonly state: FoldState<State>;
  readonly sinceCheckpoint: number;
  readonly checkpoints: readonly Checkpoint[];
  /** Facts that had no effect for want of ground. */
  readonly groundless: ReadonlySet<string>;
} => {
  const checkpoints: Checkpoint[] = [];
  const groundless = new Set<string>();
  let { state, sinceCheckpoint } = from;
  const remaining = new Set(passed);
  for (const [place, entry] of facts.entries()) {
    const before = state.groundless.count;
    state = applyOne(family, state, entry, ground(entry));
    if (state.groundless.count > before) groundless.add(entry.fact.id);
    sinceCheckpoint += 1;
    if (facts[place + 1]?.group === entry.group) continue;
    const anew = remaining.delete(entry.group);
    if (anew || (remaining.size === 0 && sinceCheckpoint >= checkpointEvery)) {
      checkpoints.push({ group: entry.group, state });
      sinceCheckpoint = 0;
    }
  }
  return { state, sinceCheckpoint, checkpoints, groundless };
};
