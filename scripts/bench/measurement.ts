/** What a figure must keep: never more than a number, never less, or just that number. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number } | { readonly exactly: number };

/** A number that stands beside a figure, so that it can be judged: a baseline of the same run, or what was left out of it. */
export interface Beside {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/** One measured number. Without a goal it is reported and decides nothing. */
export interface Figure {
  readonly name: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
  readonly beside?: readonly Beside[];
  /** What the number leaves out, in words. */
  readonly notCounted: string;
}

/** Why a measurement could not be taken here. */
export interface Skipped {
  readonly skipped: string;
}

/** Something that can be measured, named as on the command line. */
export interface Measurement {
  readonly name: string;
  readonly title: string;
  /** It takes minutes: it is taken where it is named, and not with all others. */
  readonly onlyByName?: true;
  measure(): Promise<readonly Figure[] | Skipped>;
}

/** What came of a measurement. */
export type Outcome = Pick<Measurement, 'name' | 'title'> &
  ({ readonly figures: readonly Figure[] } | Skipped | { readonly failure: string });

/** Whether a figure keeps its goal; undefined where it has none. */
export const isMet = ({ value, goal }: Pick<Figure, 'value' | 'goal'>): boolean | undefined => {
  if (goal === undefined) return undefined;
  if ('atMost' in goal) return value <= goal.atMost;
  return 'atLeast' in goal ? value >= goal.atLeast : value === goal.exactly;
};

/** Takes measurements one after the other; one that breaks down is told and does not hold up the others. */
export const takeAll = async (
  measurements: readonly Measurement[],
  onStart: (measurement: Measurement) => void,
): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (const measurement of measurements) {
    const { name, title } = measurement;
    onStart(measurement);
    try {
      const found = await measurement.measure();
      outcomes.push('skipped' in found ? { name, title, ...found } : { name, title, figures: found });
    } catch (error) {
      const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
      outcomes.push({ name, title, failure });
    }
  }
  return outcomes;
};

/** Names of the figures that miss their goal, and of the measurements that broke down. */
export const missedOf = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.flatMap((outcome) => {
    if ('failure' in outcome) return [outcome.name];
    if ('skipped' in outcome) return [];
    return outcome.figures.filter((figure) => isMet(figure) === false).map(({ name, what }) => `${name}: ${what}`);
  });
