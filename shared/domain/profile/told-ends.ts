import type { Period } from './periods.ts';

/** What a source said of an end, and whether it named this very start; else the end came to it by its date. */
export type EndSaid = readonly [source: string, to: string] | readonly [source: string, to: string, named: 1];

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

/** A start with more words on its end. */
export const withSaid = <Start extends ToldStart>(start: Start, said: readonly EndSaid[]): Start => ({
  ...start,
  ends: keptOf([...start.ends, ...said]),
});

const cameByDate = ([, , named]: EndSaid): boolean => named === undefined;

const latestOf = <Start extends ToldStart>(starts: readonly Start[]): readonly Start[] => {
  const from = starts
    .map((one) => one.from)
    .sort()
    .at(-1);
  return starts.filter((one) => one.from === from);
};

/** How starts of a list are named, and how many of those that are over it keeps. */
export interface ToldKind<Start extends ToldStart> {
  /** What an end says of a start to mean it, as one text. */
  thingOf(start: Start): string;
  /** Its id, where it has one. */
  idOf?(start: Start): string;
  readonly maxEnded: number;
}

/** A list with these starts: all that are open, and the last that have an end or another start behind them, in their order. */
const withStarts = <Start extends ToldStart>(
  kind: ToldKind<Start>,
  list: ToldList<Start>,
  starts: readonly Start[],
): ToldList<Start> => {
  const kept = keepOpen(kind, starts);
  const left = (list.endedLeft ?? 0) + starts.length - kept.length;
  return { ...list, starts: kept, ...(left === 0 ? {} : { endedLeft: left }) };
};

const keepOpen = <Start extends ToldStart>(kind: ToldKind<Start>, starts: readonly Start[]): readonly Start[] => {
  if (starts.length <= kind.maxEnded) return starts;
  const last = new Map<string, string>();
  for (const one of starts) {
    const thing = kind.thingOf(one);
    if ((last.get(thing) ?? '') < one.from) last.set(thing, one.from);
  }
  const isOpen = (one: Start): boolean => endSaid(one) === null && last.get(kind.thingOf(one)) === one.from;
  let surplus = starts.filter((one) => !isOpen(one)).length - kind.maxEnded;
  return starts.filter((one) => isOpen(one) || surplus-- <= 0);
};

const withWaiting = <Start extends ToldStart>(
  list: ToldList<Start>,
  waiting: readonly WaitingEnd[],
): ToldList<Start> => {
  const left = (list.waitingLeft ?? 0) + Math.max(0, waiting.length - keptWaiting);
  return {
    starts: list.starts,
    ...(list.endedLeft === undefined ? {} : { endedLeft: list.endedLeft }),
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
 * A list with one more start. Ends that were said of the thing by their date and belong to this start now, since it is the latest
 * before them, become its own; so do those that waited for it.
 * @param start with the end it was told with, if any
 */
export const withStart = <Start extends ToldStart>(
  kind: ToldKind<Start>,
  list: ToldList<Start>,
  start: Start,
): ToldList<Start> => {
  const thing = kind.thingOf(start);
  const same = list.starts.filter((one) => kind.thingOf(one) === thing);
  const twin = same.find(({ from }) => from === start.from);
  const before = new Set(twin === undefined ? latestOf(same.filter(({ from }) => from < start.from)) : []);
  const isMoved = (said: EndSaid): boolean => cameByDate(said) && said[1] > start.from;
  const moved = (twin ?? [...before][0])?.ends.filter(isMoved) ?? [];
  const came = endsFor(kind, list, start);
  const starts = list.starts.map((one) =>
    before.has(one) ? { ...one, ends: one.ends.filter((said) => !isMoved(said)) } : one,
  );
  const added = withSaid({ ...start, ends: [] }, [...moved, ...came.map(({ said }) => said), ...start.ends]);
  return withWaiting(
    withStarts(kind, list, [...starts, added]),
    (list.waiting ?? []).filter((one) => !came.includes(one)),
  );
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
  const said: EndSaid = id === undefined ? [source, to] : [source, to, 1];
  const same = list.starts.filter((one) => kind.thingOf(one) === thing);
  const meant = new Set(
    id === undefined ? latestOf(same.filter(({ from }) => from < to)) : same.filter((one) => kind.idOf?.(one) === id),
  );
  if (meant.size === 0) {
    const waiting: WaitingEnd = {
      thing: id === undefined ? thing : `${thing} ${id}`,
      said,
      ...(reads === undefined ? {} : { reads }),
    };
    return withWaiting(list, [...(list.waiting ?? []), waiting]);
  }
  const starts = list.starts.map((one) => (meant.has(one) ? ending(withSaid(one, [said])) : one));
  return withStarts(kind, list, starts);
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
  starts: readonly Start[],
): readonly Lasting<Start>[] => {
  const froms = new Map<string, readonly string[]>();
  for (const one of starts) froms.set(kind.thingOf(one), [...(froms.get(kind.thingOf(one)) ?? []), one.from]);
  return starts.flatMap((start) => {
    const next = (froms.get(kind.thingOf(start)) ?? []).filter((from) => from > start.from);
    const end = endSaid(start);
    const [to = null] = [...next, ...(end === null ? [] : [end])].sort();
    return to !== null && to <= start.from ? [] : [{ start, from: start.from, to }];
  });
};
