import { type Estate, type Found, grouped, placeOf, type StackAt } from './estate.ts';

/** A place in a template where a limit is passed, or what must not stand there stands. */
export interface Finding {
  /** Stage and construct id of the stack, e.g. `prod/Observability`. */
  readonly stack: string;
  /** Logical id; `*` where the stack as a whole is meant. */
  readonly id: string;
  readonly what: string;
  readonly figure: string;
  readonly bound: string;
  readonly source: string;
}

/** Something that AWS does not take or do, and how a template is held to it. */
export interface Limit {
  /** What is counted or looked for. */
  readonly what: string;
  readonly bound: string;
  /** Title of the document and what it says; `known` where the figure was not found in one. */
  readonly source: string;
  readonly find: (estate: Estate) => readonly Finding[];
}

/** What is said of a limit, apart from how it is counted. */
export interface Said {
  readonly what: string;
  readonly unit: string;
  readonly least?: number;
  readonly most?: number;
  readonly source: string;
}

/** A figure, and the part of the resource it is of. */
export interface Part {
  readonly part: string;
  readonly figure: number;
}
type Figures = number | undefined | readonly Part[];

/** A figure where it stands. */
export interface Counted {
  readonly stack: StackAt;
  readonly id: string;
  readonly figure: number;
  readonly part?: string;
}

const boundOf = ({ least, most, unit }: Said): string => {
  const ends = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(most === undefined ? [] : [`at most ${most}`]),
  ];
  return `${ends.join(', ')} ${unit}`;
};

export const stackLabel = ({ stage, id }: StackAt): string => `${stage}/${id}`;

/** A limit of what must not stand in a template: each place where it does. */
export const rule = (
  said: { readonly what: string; readonly bound: string; readonly source: string },
  places: (estate: Estate) => readonly { readonly stack: StackAt; readonly id: string; readonly figure: string }[],
): Limit => ({
  ...said,
  find: (estate) => places(estate).map(({ stack, id, figure }) => ({ ...said, stack: stackLabel(stack), id, figure })),
});

/** A limit of figures, however they are counted. */
export const counted = (said: Said, count: (estate: Estate) => readonly Counted[]): Limit =>
  rule({ what: said.what, bound: boundOf(said), source: said.source }, (estate) =>
    count(estate)
      .filter(({ figure }) => !(figure >= (said.least ?? figure) && figure <= (said.most ?? figure)))
      .map(({ stack, id, figure, part }) => ({
        stack,
        id: part === undefined ? id : `${id} (${part})`,
        figure: String(figure),
      })),
  );

/** A limit of each resource of a type. A resource that has nothing to count tells no figure. */
export const ofEach = (
  types: string | readonly string[],
  said: Said,
  count: (found: Found, estate: Estate) => Figures,
): Limit =>
  counted(said, (estate) =>
    estate.ofType(...[types].flat()).flatMap((found): readonly Counted[] => {
      const figures = count(found, estate);
      if (figures === undefined) return [];
      const { stack, id } = found;
      if (typeof figures === 'number') return [{ stack, id, figure: figures }];
      return figures.map(({ part, figure }) => ({ stack, id, part, figure }));
    }),
  );

/** A limit of what an account has in a region, over all stages that share it; the first resource stands for all. */
export const ofPlace = (
  types: string | readonly string[],
  said: Said,
  count: (found: readonly Found[], estate: Estate) => number,
): Limit =>
  counted(said, (estate) =>
    [...grouped(estate.ofType(...[types].flat()), placeOf)].flatMap(([place, found]) => {
      const [first] = found;
      if (first === undefined) return [];
      const stages = [...new Set(found.map(({ stack }) => stack.stage))].join(', ');
      return [{ stack: first.stack, id: first.id, part: `${place}: ${stages}`, figure: count(found, estate) }];
    }),
  );

/** One line for a reader. */
export const findingLine = ({ stack, id, what, figure, bound, source }: Finding): string =>
  `${stack} ${id}: ${what}: ${figure}; ${bound} (${source})`;
