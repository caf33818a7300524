/**
 * Turns of the facts of one source that bear one instant and one sequence, in the order in which they take effect: what makes a thing
 * comes before what speaks of it, an end comes last. Facts of one turn follow by their ids.
 */
export const turns = [
  /** Makes the subject itself. */
  'subject',
  /** Makes a thing at it. */
  'thing',
  /** Says something of it. */
  'word',
  /** Proves or holds fast what was said. */
  'hold',
  /** Asks for an end. */
  'request',
  /** Declines one that was asked for. */
  'refusal',
  /** Ends or takes back. */
  'end',
] as const;
export type Turn = (typeof turns)[number];

/** What a fact may name that another fact made: a thing by the id it got then, or the fact itself. */
export type GroundKind =
  | 'bill'
  | 'payment'
  | 'agreement'
  | 'contactPoint'
  | 'interaction'
  | 'outage'
  | 'merge'
  | 'fact'
  | 'customer'
  | 'servicePoint';
export type Grounds = Readonly<Record<string, GroundKind>>;

/**
 * How a type takes its place among other facts of its family.
 * - `tells`: it stands by itself.
 * - `word`: of several on one thing the last holds.
 * - `describes`: it means its thing by what it is and by dates, so that instants decide nothing. What it may name outright besides
 *   (`grounds`) it waits for, and keeps its own place: when it was said decides which of several words of one source is the last.
 * - `names`: it means a thing, or a fact, by an id that was made of another fact. It waits until that one is stored, and comes after
 *   it, whatever the two clocks said. `grounds` says by which fields.
 */
export type PlaceInFold =
  | { readonly kind: 'tells' | 'word'; readonly turn: Turn }
  | { readonly kind: 'describes'; readonly turn: Turn; readonly grounds?: Grounds }
  | { readonly kind: 'names'; readonly turn: Turn; readonly grounds: Grounds };

/** What a type names by ids that other facts made: field of data to kind. */
export const groundsOf = ({ inFold }: { readonly inFold: PlaceInFold }): Grounds =>
  'grounds' in inFold ? (inFold.grounds ?? {}) : {};
