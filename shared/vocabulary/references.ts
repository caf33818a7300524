import * as z from 'zod';
import { type IdKind, id } from './ids.ts';

/** An id that another system gave: `{ namespace: 'billing', value: '000123' }`. */
export const Reference = z
  .strictObject({
    namespace: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,39}$/)
      .describe('Who gave the value, e.g. "billing", "nmi", "serial".'),
    value: z
      .string()
      .min(1)
      .max(120)
      .regex(/^\P{Cc}+$/u, 'must not hold control characters')
      .describe('The value as that system writes it.'),
  })
  .describe('An external id.');
export type Reference = z.infer<typeof Reference>;

/** Kinds that references may name. */
export const referenceKinds = [
  'customer',
  'account',
  'premise',
  'servicePoint',
  'meter',
  'agreement',
  'bill',
  'payment',
  'outage',
  'case',
  'contactPoint',
  'interaction',
] as const satisfies readonly IdKind[];
export type ReferenceKind = (typeof referenceKinds)[number];

/** A thing named by its id or by a reference to it. */
export const idOrReference = (kind: ReferenceKind) =>
  z.union([id(kind), Reference]).describe(`The ${kind}, by id or by external reference.`);
export type IdOrReference = string | Reference;

/** Reads `namespace:value` as routes and the command line write it; undefined where it is no reference. */
export const parseReference = (text: string): Reference | undefined => {
  const cut = text.indexOf(':');
  if (cut < 1) return undefined;
  const parsed = Reference.safeParse({ namespace: text.slice(0, cut), value: text.slice(cut + 1) });
  return parsed.success ? parsed.data : undefined;
};

/** Writes a reference as `namespace:value`. */
export const writeReference = (reference: Reference): string => `${reference.namespace}:${reference.value}`;
