import { type Erased, erased, type Fact, isErased } from '#shared/vocabulary/fact.ts';
import type { Reference } from '#shared/vocabulary/references.ts';

/**
 * Reads the data of a fact without ever throwing: the door has checked it, but rules must stand old and erased facts too.
 * An unreadable value is undefined, and the rule then leaves the state as it is.
 */
export const text = (fact: Fact, field: string): string | undefined => {
  const value = fact.data[field];
  return typeof value === 'string' ? value : undefined;
};

/** A text that may have been erased. */
export const sealedText = (fact: Fact, field: string): string | Erased | undefined => {
  const value = fact.data[field];
  if (isErased(value)) return erased;
  return typeof value === 'string' ? value : undefined;
};

export const flag = (fact: Fact, field: string): boolean | undefined => {
  const value = fact.data[field];
  return typeof value === 'boolean' ? value : undefined;
};

/** Money as `[amountMinor, currency]`. */
export const money = (fact: Fact, field: string): readonly [number, string] | undefined => {
  const value = fact.data[field];
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('amountMinor' in value) || !('currency' in value)) return undefined;
  const { amountMinor, currency } = value;
  return Number.isSafeInteger(amountMinor) && typeof amountMinor === 'number' && typeof currency === 'string'
    ? [amountMinor, currency]
    : undefined;
};

/** References that a field lists. */
export const references = (fact: Fact, field = 'references'): readonly Reference[] => {
  const value = fact.data[field];
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) =>
    typeof entry === 'object' &&
    entry !== null &&
    'namespace' in entry &&
    'value' in entry &&
    typeof entry.namespace === 'string' &&
    typeof entry.value === 'string'
      ? [{ namespace: entry.namespace, value: entry.value }]
      : [],
  );
};

/** Local date on which a fact occurred: stands where no value date was given. */
export const dayOf = (fact: Pick<Fact, 'occurredAt' | 'day'>): string => fact.day ?? fact.occurredAt.slice(0, 10);

const storedInstant = (value: string): string | undefined => {
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
};

/** An instant in stored form, or undefined where the field holds none. */
export const optionalInstant = (fact: Fact, field: string): string | undefined => {
  const value = text(fact, field);
  return value === undefined ? undefined : storedInstant(value);
};

/** An instant in stored form; that of the fact where the field holds none. */
export const instant = (fact: Fact, field: string): string => optionalInstant(fact, field) ?? fact.occurredAt;
