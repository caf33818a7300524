import type { FactOf } from '#shared/contracts/facts/fact.ts';

/** What a customer may ask for, by its name in the fact, and in words. */
export const askedInWords = {
  name: 'name',
  kind: 'kind of customer',
  dateOfBirth: 'birth date',
  references: 'references',
  contactPoint: 'contact point',
} as const;
export type AskedName = keyof typeof askedInWords;

/** A change that a customer asked for and nobody has decided on; what is to be put where stands in the fact alone, sealed. */
export interface OpenRequest {
  /** The interaction that it is. */
  readonly id: string;
  readonly fact: string;
  /** The record it was addressed to: a merge may have brought it to another. */
  readonly of: string;
  readonly at: string;
  readonly asked: readonly AskedName[];
}

export interface SettledRequest extends OpenRequest {
  readonly outcome: 'done' | 'declined';
  /** The fact of the decision, with its reason. */
  readonly decision: string;
  readonly settledAt: string;
}

/** What customers asked for: all that is open, and the last that were decided. */
export interface RequestsState {
  readonly open: readonly OpenRequest[];
  readonly settled: readonly SettledRequest[];
}

/** Open at once before no more are taken from the customer. */
export const mostOpenRequests = 5;
/** Open at once in a state: a merge brings those of several records together. */
const maxOpen = 20;
const maxSettled = 8;

const isAskedName = (name: string): name is AskedName => Object.hasOwn(askedInWords, name);

/** What a request names, in the order of the words above. */
export const askedOf = ({ data }: Pick<FactOf<'contact.change-request.made.v1'>, 'data'>): readonly AskedName[] => {
  const { name, kind, dateOfBirth, references, contactPoint } = data;
  const asked: Readonly<Record<AskedName, unknown>> = { name, kind, dateOfBirth, references, contactPoint };
  return Object.keys(askedInWords)
    .filter(isAskedName)
    .filter((one) => asked[one] !== undefined);
};

export const requested = (
  state: RequestsState,
  fact: FactOf<'contact.change-request.made.v1'>,
  id: string,
): RequestsState | 'groundless' => {
  if (state.open.length >= maxOpen) return 'groundless';
  const of = fact.data.customer ?? fact.subjects[0] ?? '';
  const request: OpenRequest = { id, fact: fact.id, of, at: fact.occurredAt, asked: askedOf(fact) };
  return { ...state, open: [...state.open, request] };
};

export const settled = (
  state: RequestsState,
  fact: FactOf<'contact.change-request.settled.v1'>,
): RequestsState | 'groundless' => {
  const request = state.open.find(({ id }) => id === fact.data.request);
  if (request === undefined) return 'groundless';
  const decided: SettledRequest = {
    ...request,
    outcome: fact.data.outcome ?? 'declined',
    decision: fact.id,
    settledAt: fact.occurredAt,
  };
  return {
    open: state.open.filter((one) => one !== request),
    settled: [...state.settled, decided].slice(-maxSettled),
  };
};
