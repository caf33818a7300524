import type { Period } from './periods.ts';

/**
 * What a source said of an end, whether it named this very start (else the end came to it by its date), and its place among all that
 * was said of ends in its list.
 */
export type EndSaid = readonly [source: string, to: string, named: 0 | 1, place: number];

/** An end that a start was told with. */
export interface OwnEnd {
  readonly source: string;
  readonly to: string | undefined;
}

/** A start as it was told, with what was said of its end, the last last. */
export interface ToldStart {
  readonly from: string;
  readonly ends: readonly EndSaid[];
}

/** An end of a thing, named by its id or by what it is, of which no start is known that it could be the end of. */
export interface WaitingEnd {
  readonly thing: string;
  readonly said: EndSaid;
  /** Of a meter that was removed: what its registers stood at. */
  readonly reads?: readonly (readonly [register: string, read: number])[];
}

/**
 * Starts in the order they were told, and ends that wait for theirs: the latest, and how many more there were. All that is open
 * stands in it, the last of what is over, and how many more of those there were.
 */
export interface ToldList<Start extends ToldStart> {
  readonly starts: readonly Start[];
  readonly endedLeft?: number;
  /** How many words on ends were said. */
  readonly said?: number;
  readonly waiting?: readonly WaitingEnd[];
  readonly waitingLeft?: number;
}

/** The last word of each source on an end. */
const lastWords = ({ ends }: Pick<ToldStart, 'ends'>): ReadonlyMap<string, string> =>
  new Map(ends.map(([source, to]) => [source, to]));

/** When a thing ends by what was said: of one source the last word holds, between sources the earlier end. */
export const endSaid = (start: Pick<ToldStart, 'ends'>): string | null =>
  [...lastWords(start).values()].sort()[0] ?? null;

/** What sources say of an end, where they do not say the same. */
export const endsThatDiffer = (
  start: Pick<ToldStart, 'ends'>,
): readonly { readonly source: string; readonly to: string }[] => {
  const words = [...lastWords(start)].map(([source, to]) => ({ source, to }));
  return new Set(words.map(({ to }) => to)).size > 1 ? words : [];
};

/** Words on one end beyond which those go that their own source has replaced. */
const keptWords = 6;
const keptWaiting = 20;

const keptOf = (words: readonly EndSaid[]): readonly EndSaid[] => {
  let surplus = words.length - keptWords;
  return words.filter(([source], index) => {
    const isReplaced = words.slice(index + 1).some(([other]) => other === source);
    if (surplus <= 0 || !isReplaced) return true;
    surplus -= 1;
    return false;
  });
};

const byPlace = ([, , , one]: EndSaid, [, , , other]: EndSaid): number => one - other;

/** A start with these words on its end. */
const withWords = <Start extends ToldStart>(start: Start, said: readonly EndSaid[]): Start => ({
  ...start,
  ends: keptOf(said.toSorted(byPlace)),
});

const isNamed = ([, , named]: EndSaid): boolean => named === 1;

/** Whether a start was taken back by name before it began: then it is none, and what is told of its like is not of it. */
const isCancelled = ({ from, ends }: ToldStart): boolean => {
  const to = endSaid({ ends: ends.filter(isNamed) });
  return to !== null && to <= from;
};

/** The first day of the start that an end by its date belongs to: the latest that begins before it. */
const beginningMeant = (starts: readonly ToldStart[], to: string): string | undefined =>
  starts
    .filter((one) => one.from < to && !isCancelled(one))
    .map(({ from }) => from)
    .sort()
    .at(-1);

/** How starts of a list are named, and how many of those that are over it keeps. */
export interface ToldKind<Start extends ToldStart> {
  /** What an end says of a start to mean it, as one text. */
  thingOf(start: Start): string;
  /** Its id, where it has one. */
  idOf?(start: Start): string;
  readonly maxEnded: number;
}

/** Keeps all that is open and the last that have an end or another start behind them, in their order. */
const keepOpen = <Start extends ToldStart>(kind: ToldKind<Start>, starts: readonly Start[]): readonly Start[] => {
  if (starts.length <= kind.maxEnded) return starts;
  const last = new Map<string, string>();
  for (const one of starts) {
    if (isCancelled(one)) continue;
    const thing = kind.thingOf(one);
    if ((last.get(thing) ?? '') < one.from) last.set(thing, one.from);
  }
  const isOpen = (one: Start): boolean => endSaid(one) === null && last.get(kind.thingOf(one)) === one.from;
  let surplus = starts.filter((one) => !isOpen(one)).length - kind.maxEnded;
  return starts.filter((one) => isOpen(one) || surplus-- <= 0);
};

/** A list with these starts: all that are open, and the last that have an end or another start behind them. */
const withStarts = <Start extends ToldStart>(
  kind: ToldKind<Start>,
  list: ToldList<Start>,
  starts: readonly Start[],
): ToldList<Start> => {
  const kept = keepOpen(kind, starts);
  const left = (list.endedLeft ?? 0) + starts.length - kept.length;
  return { ...list, starts: kept, ...(left === 0 ? {} : { endedLeft: left }) };
};

const withWaiting = <Start extends ToldStart>(
  list: ToldList<Start>,
  waiting: readonly WaitingEnd[],
): ToldList<Start> => {
  const left = (list.waitingLeft ?? 0) + Math.max(0, waiting.length - keptWaiting);
  const { waiting: _, waitingLeft: __, ...rest } = list;
  return {
    ...rest,
    ...(waiting.length === 0 ? {} : { waiting: waiting.slice(-keptWaiting) }),
    ...(left === 0 ? {} : { waitingLeft: left }),
  };
};

/** The ends that waited for such a start. */
export const endsFor = <Start extends ToldStart>(
  kind: ToldKind<Start>,
  { waiting = [] }: ToldList<Start>,
  start: Start,
): readonly WaitingEnd[] => {
  const thing = kind.thingOf(start);
  const named = `${thing} ${kind.idOf?.(start) ?? ''}`;
  return waiting.filter((one) => one.thing === named || (one.thing === thing && one.said[1] > start.from));
};

/**
 * A list in which every end of a thing that was told by its date is with the start that it belongs to, as all that is known now has
 * it: a start that came later may have taken it over, and one that was taken back gives it up.
 */
const assigned = <Start extends ToldStart>(
  kind: ToldKind<Start>,
  list: ToldList<Start>,
  thing: string,
): ToldList<Start> => {
  const isOfThing = (one: Start): boolean => kind.thingOf(one) === thing;
  const same = list.starts.filter(isOfThing);
  const { waiting = [] } = list;
  const byDate = same.flatMap(({ ends }) => ends.filter((said) => !isNamed(said)));
  const waited = waiting.filter((one) => one.thing === thing);
  const words = [...new Map([...byDate, ...waited.map(({ said }) => said)].map((said) => [said[3], said])).values()];
  const meant = new Map(words.map((said) => [said, beginningMeant(same, said[1])]));
  const starts = list.starts.map((one) => {
    if (!isOfThing(one)) return one;
    const own = isCancelled(one) ? [] : words.filter((said) => meant.get(said) === one.from);
    return withWords(one, [...one.ends.filter(isNamed), ...own]);
  });
  const still = words
    .filter((said) => meant.get(said) === undefined)
    .map((said) => waited.find((one) => one.said[3] === said[3]) ?? { thing, said });
  const others = waiting.filter((one) => one.thing !== thing);
  return withWaiting(
    withStarts(kind, list, starts),
    [...others, ...still].toSorted((one, other) => byPlace(one.said, other.said)),
  );
};

const nextPlace = ({ said = 0 }: ToldList<ToldStart>): number => said + 1;

/** A list with one more start, with the end it was told with, if any, and those that waited for it. */
export const withStart = <Start extends ToldStart>(
  kind: ToldKind<Start>,
  list: ToldList<Start>,
  start: Start,
  { source, to }: OwnEnd,
): ToldList<Start> => {
  const named = `${kind.thingOf(start)} ${kind.idOf?.(start) ?? ''}`;
  const came = (list.waiting ?? []).filter((one) => one.thing === named);
  const place = nextPlace(list);
  const own: readonly EndSaid[] = to === undefined ? [] : [[source, to, 1, place]];
  const added = withWords(start, [...start.ends, ...came.map(({ said }) => said), ...own]);
  const waiting = (list.waiting ?? []).filter((one) => !came.includes(one));
  return assigned(
    kind,
    { ...list, ...(to === undefined ? {} : { said: place }), starts: [...list.starts, added], waiting },
    kind.thingOf(start),
  );
};

/** A list in which a start that it holds was told again, with an end. */
export const withOwnEnd = <Start extends ToldStart>(
  kind: ToldKind<Start>,
  list: ToldList<Start>,
  start: Start,
  { source, to }: OwnEnd,
): ToldList<Start> => {
  if (to === undefined) return list;
  const place = nextPlace(list);
  const starts = list.starts.map((one) =>
    one === start ? withWords(one, [...one.ends, [source, to, 1, place]]) : one,
  );
  return assigned(kind, { ...list, said: place, starts }, kind.thingOf(start));
};

/** A list in which a source has said one more end: of the start that it names, else of the latest that began before it. */
export const withEnd = <Start extends ToldStart>(
  kind: ToldKind<Start>,
  list: ToldList<Start>,
  end: {
    readonly thing: string;
    readonly id?: string | undefined;
    readonly source: string;
    readonly to: string;
    readonly reads?: WaitingEnd['reads'];
  },
  /** What else becomes of a start that ends. */
  ending: (start: Start) => Start = (start) => start,
): ToldList<Start> => {
  const { thing, id, source, to, reads } = end;
  const place = nextPlace(list);
  const said: EndSaid = [source, to, id === undefined ? 0 : 1, place];
  const same = list.starts.filter((one) => kind.thingOf(one) === thing);
  const from = id === undefined ? beginningMeant(same, to) : undefined;
  const meant = new Set(
    id === undefined
      ? same.filter((one) => one.from === from && !isCancelled(one))
      : same.filter((one) => kind.idOf?.(one) === id),
  );
  const waiting: WaitingEnd = {
    thing: id === undefined ? thing : `${thing} ${id}`,
    said,
    ...(reads === undefined ? {} : { reads }),
  };
  const starts = list.starts.map((one) => (meant.has(one) ? ending(withWords(one, [...one.ends, said])) : one));
  const next = { ...list, said: place, starts };
  return assigned(kind, meant.size > 0 ? next : { ...next, waiting: [...(list.waiting ?? []), waiting] }, thing);
};

/** How many ends of a list wait for a start. */
export const endsWaiting = ({ waiting = [], waitingLeft = 0 }: ToldList<ToldStart>): number =>
  waiting.length + waitingLeft;

/** A start with the time it lasts: to its end, or to the next start of the same thing. */
export interface Lasting<Start> extends Period {
  readonly start: Start;
}

/** What starts come to, each as long as it lasts, in the order they were told; those that last no time are left out. */
export const lastingOf = <Start extends ToldStart>(
  kind: Pick<ToldKind<Start>, 'thingOf'>,
  told: readonly Start[],
): readonly Lasting<Start>[] => {
  const starts = told.filter((one) => !isCancelled(one));
  const froms = new Map<string, readonly string[]>();
  for (const one of starts) froms.set(kind.thingOf(one), [...(froms.get(kind.thingOf(one)) ?? []), one.from]);
  return starts.flatMap((start) => {
    const next = (froms.get(kind.thingOf(start)) ?? []).filter((from) => from > start.from);
    const end = endSaid(start);
    const [to = null] = [...next, ...(end === null ? [] : [end])].sort();
    return to !== null && to <= start.from ? [] : [{ start, from: start.from, to }];
  });
};
