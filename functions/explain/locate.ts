/** A value of the view by its path: what it is, and what the path goes through. */
export interface Place {
  readonly value: unknown;
  /** Names on the way, entries of lists left out: `['accounts', 'lastBill', 'amount']`. */
  readonly names: readonly string[];
  /** The path with `[]` for each entry: `accounts[].lastBill.amount`. */
  readonly pattern: string;
  /** Entries of lists on the way, outermost first. */
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  /** The object that the last name is a member of. */
  readonly holder: Readonly<Record<string, unknown>> | undefined;
}

type Step = { readonly name: string } | { readonly entry: string };

const token = /([A-Za-z][A-Za-z0-9-]*)|\[([A-Za-z0-9_.-]{1,64})\]|\./gy;

/** Steps of a path; undefined where it is none. */
const stepsOf = (path: string): readonly Step[] | undefined => {
  const steps: Step[] = [];
  let end = 0;
  for (const match of path.matchAll(token)) {
    const [whole, name, entry] = match;
    end = match.index + whole.length;
    if (name !== undefined) steps.push({ name });
    if (entry !== undefined) steps.push({ entry });
  }
  return end === path.length && steps.length > 0 ? steps : undefined;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const idOf = (value: unknown): unknown =>
  isRecord(value) ? (value.id ?? value.servicePointId ?? value.source ?? value.month ?? value.date) : value;

const entryOf = (list: readonly unknown[], named: string): unknown =>
  /^\d{1,4}$/.test(named) ? list[Number(named)] : list.find((one) => idOf(one) === named);

/** Finds a value by its path; undefined where the view has none there. */
export const locate = (view: unknown, path: string): Place | undefined => {
  const steps = stepsOf(path);
  if (steps === undefined) return undefined;
  let value = view;
  let holder: Place['holder'];
  let pattern = '';
  const names: string[] = [];
  const entries: Readonly<Record<string, unknown>>[] = [];
  for (const step of steps) {
    if ('entry' in step) {
      if (!Array.isArray(value)) return undefined;
      value = entryOf(value, step.entry);
      pattern += '[]';
      if (isRecord(value)) entries.push(value);
    } else {
      if (!isRecord(value) || !Object.hasOwn(value, step.name)) return undefined;
      holder = value;
      value = value[step.name];
      names.push(step.name);
      pattern += pattern === '' ? step.name : `.${step.name}`;
    }
    if (value === undefined) return undefined;
  }
  return { value, names, pattern, entries, holder };
};
