import { type Erased, type Fact, isErased } from '#shared/vocabulary/fact.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { CustomerKind } from '#shared/vocabulary/statuses.ts';
import { dayOf, references, sealedText, text } from './fact-data.ts';
import type { Family } from './fold.ts';

export type PersonName = { readonly title?: string; readonly given?: string; readonly family: string };
export type CustomerName = PersonName | { readonly organisation: string } | Erased;

/** Who a customer is. */
export interface IdentityState {
  readonly registered: boolean;
  readonly kind: CustomerKind;
  readonly name: CustomerName | null;
  readonly dateOfBirth: string | Erased | null;
  readonly language: string | null;
  readonly since: string | null;
  readonly references: readonly Reference[];
}

const nameOf = (fact: Fact): CustomerName | undefined => {
  const value = fact.data.name;
  if (isErased(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if ('organisation' in value && typeof value.organisation === 'string') return { organisation: value.organisation };
  if (!('family' in value) || typeof value.family !== 'string') return undefined;
  return {
    ...('title' in value && typeof value.title === 'string' ? { title: value.title } : {}),
    ...('given' in value && typeof value.given === 'string' ? { given: value.given } : {}),
    family: value.family,
  };
};

/** References of a thing: those known, then new ones, at most 20. */
export const addReferences = (known: readonly Reference[], more: readonly Reference[]): readonly Reference[] => {
  const merged = [...known];
  for (const reference of more) {
    const there = merged.some((one) => one.namespace === reference.namespace && one.value === reference.value);
    if (!there && merged.length < 20) merged.push(reference);
  }
  return merged;
};

const changed = (state: IdentityState, fact: Fact): IdentityState => {
  const kind = CustomerKind.safeParse(fact.data.kind);
  return {
    registered: true,
    kind: kind.success ? kind.data : state.kind,
    name: nameOf(fact) ?? state.name,
    dateOfBirth: sealedText(fact, 'dateOfBirth') ?? state.dateOfBirth,
    language: text(fact, 'language') ?? state.language,
    since: state.since,
    references: addReferences(state.references, references(fact)),
  };
};

export const identity: Family<IdentityState> = {
  name: 'identity',
  rules: 1,
  empty: () => ({
    registered: false,
    kind: 'person',
    name: null,
    dateOfBirth: null,
    language: null,
    since: null,
    references: [],
  }),
  apply(state, fact) {
    switch (fact.type) {
      case 'customer.profile.registered.v1':
        return { ...changed(state, fact), since: text(fact, 'since') ?? dayOf(fact) };
      case 'customer.profile.corrected.v1':
        return state.registered ? changed(state, fact) : 'groundless';
      default:
        return 'groundless';
    }
  },
};
