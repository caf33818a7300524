import type { AnswerMark, FieldView, Visibility } from './field-matrix.ts';

/** A mark that depends on a sibling: `matchedOn[].value` is a contact value only where `key` says phone or email. */
export interface MarkBySibling {
  readonly by: string;
  readonly cases: Readonly<Record<string, AnswerMark>>;
  readonly otherwise: AnswerMark;
}
/** `shaped`: the use case has already applied the view (e.g. data of a fact, by the marks of its own type). */
export type PathMark = AnswerMark | MarkBySibling | 'shaped';

/**
 * A mark for each path of an answer: `accounts[].balance`; a path covers what lies below it. Where paths below it have marks of
 * their own, it is the class of the whole: who may not see that is not told that it is there.
 */
export type AnswerMarks = Readonly<Record<string, PathMark>>;

interface Node {
  mark: PathMark | undefined;
  readonly children: Map<string, Node>;
}

const compiled = new WeakMap<AnswerMarks, Node>();

/** Splits `a.b[].c` into `a`, `b`, `[]`, `c`. */
const steps = (path: string): string[] =>
  path
    .replaceAll('[]', '.[]')
    .split('.')
    .filter((step) => step !== '');

const compile = (marks: AnswerMarks): Node => {
  const known = compiled.get(marks);
  if (known !== undefined) return known;
  const root: Node = { mark: undefined, children: new Map() };
  for (const [path, mark] of Object.entries(marks)) {
    let node = root;
    for (const step of steps(path)) {
      const next = node.children.get(step) ?? { mark: undefined, children: new Map() };
      node.children.set(step, next);
      node = next;
    }
    node.mark = mark;
  }
  compiled.set(marks, root);
  return root;
};

/** `•••1234`: the last four characters of a value of eight or more, else dots alone. */
export const maskText = (text: string): string => {
  const characters = [...text];
  return characters.length < 8 ? '•••' : `•••${characters.slice(-4).join('')}`;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isRecord(value) && Object.keys(value).length === 0);

/** Masks every text below a value; what is no text is left out. */
const maskBelow = (value: unknown): unknown => {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskBelow).filter((member) => member !== undefined);
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, maskBelow(member)] as const)
      .filter(([, member]) => member !== undefined),
  );
};

const visible = (value: unknown, visibility: Visibility): unknown => {
  if (visibility === 'shown') return value;
  if (visibility === 'masked') return maskBelow(value);
  return visibility === 'present' && typeof value === 'string' ? '•••' : undefined;
};

const resolveMark = (
  mark: PathMark,
  siblings: Readonly<Record<string, unknown>> | undefined,
): AnswerMark | 'shaped' => {
  if (typeof mark === 'string') return mark;
  const key = siblings?.[mark.by];
  return (typeof key === 'string' ? mark.cases[key] : undefined) ?? mark.otherwise;
};

/** Whether who has this view is told that something is there, by the class of the whole; `siblings` decide where the mark says so. */
export const isTold = (mark: PathMark, siblings: Readonly<Record<string, unknown>>, view: FieldView): boolean => {
  const whole = resolveMark(mark, siblings);
  return whole === 'shaped' || view[whole] !== 'hidden';
};

interface Walk {
  readonly view: FieldView;
  readonly masked: Set<string>;
  readonly shown: Set<AnswerMark>;
}

/** Whether something with marks below is told at all, by the class of the whole; a mark by sibling reads its own members. */
const isWholeTold = (value: unknown, { mark }: Node, view: FieldView): boolean =>
  mark === undefined || isTold(mark, isRecord(value) ? value : {}, view);

const below = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const walk = (
  value: unknown,
  node: Node | undefined,
  path: string,
  siblings: Readonly<Record<string, unknown>> | undefined,
  state: Walk,
): unknown => {
  if (node === undefined) return undefined;
  if (node.children.size > 0 && !isWholeTold(value, node, state.view)) {
    // That an entry of a list is left out would tell that there is one.
    if (!path.endsWith('[]')) state.masked.add(path);
    return undefined;
  }
  if (node.mark !== undefined && node.children.size === 0) {
    const mark = resolveMark(node.mark, siblings);
    if (mark === 'shaped') return value;
    const visibility = state.view[mark];
    if (isEmpty(value) && visibility !== 'hidden') return value;
    if (visibility === 'shown') state.shown.add(mark);
    else state.masked.add(path);
    return visible(value, visibility);
  }
  if (Array.isArray(value)) {
    const item = node.children.get('[]');
    return value
      .map((member) => walk(member, item, `${path}[]`, undefined, state))
      .filter((kept) => kept !== undefined);
  }
  if (!isRecord(value)) return value === null && node.children.size > 0 ? null : undefined;
  const kept: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const shaped = walk(member, node.children.get(name), below(path, name), value, state);
    if (shaped !== undefined) kept[name] = shaped;
  }
  // What is hidden is named also where nothing stands: else it would tell that something does.
  for (const [name, { mark }] of node.children)
    if (name !== '[]' && value[name] === undefined && mark !== undefined && !isTold(mark, value, state.view))
      state.masked.add(below(path, name));
  return kept;
};

/** What leaves: the value with only what the view allows, the paths that were masked or left out, the marks that were shown. */
export interface Shaped {
  readonly value: unknown;
  readonly masked: readonly string[];
  readonly shown: readonly AnswerMark[];
}

/** Builds an answer from the marked paths alone: a path without a mark does not leave (deny by default). */
export const shape = (value: unknown, marks: AnswerMarks, view: FieldView): Shaped => {
  const state: Walk = { view, masked: new Set(), shown: new Set() };
  const shaped = walk(value, compile(marks), '', undefined, state);
  return { value: shaped, masked: [...state.masked].sort(), shown: [...state.shown].sort() };
};
