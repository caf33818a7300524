import * as z from 'zod';
import type { Who } from '#tests/edge/api-stand.ts';
import inputs from './bad-inputs.json' with { type: 'json' };

const BadInput = z.strictObject({
  title: z.string(),
  as: z.enum(['agent', 'supervisor', 'field', 'billing']),
  method: z.string(),
  url: z.string(),
  headers: z.array(z.string()).default([]),
  body: z.string().optional(),
  bodyBase64: z.string().optional(),
  bodyRepeated: z.strictObject({ before: z.string(), text: z.string(), times: z.int(), after: z.string() }).optional(),
  bodyNested: z.int().optional(),
  status: z.int(),
  code: z.string(),
  /** Pointer of the first complaint about a field. */
  pointer: z.string().optional(),
});
export type BadInput = z.infer<typeof BadInput>;
/** Inputs that must be refused, with the answer each must get. */
export const cases = z.array(BadInput).parse(inputs);

/** Ids that stand for `{customer}` and the like. */
export interface Named {
  readonly customer: string;
  readonly account: string;
  readonly premise: string;
  readonly servicePoint: string;
}

/** Fills a text of a case: the ids of a household, and a number no other request has. */
export const fill = (text: string, home: Named, number: number): string =>
  text
    .replaceAll('{customerLower}', home.customer.toLowerCase())
    .replaceAll('{customer}', home.customer)
    .replaceAll('{account}', home.account)
    .replaceAll('{premise}', home.premise)
    .replaceAll('{servicePoint}', home.servicePoint)
    .replaceAll('{n}', String(number));

/** The body of a case as it is sent. */
export const bodyOf = (input: BadInput, home: Named, number: number): string | Uint8Array => {
  if (input.bodyBase64 !== undefined) return Buffer.from(input.bodyBase64, 'base64');
  if (input.bodyNested !== undefined) return `${'['.repeat(input.bodyNested)}${']'.repeat(input.bodyNested)}`;
  const { bodyRepeated: repeated } = input;
  if (repeated !== undefined) return `${repeated.before}${repeated.text.repeat(repeated.times)}${repeated.after}`;
  return fill(input.body ?? '', home, number);
};

/** A machine bound to a source, or staff of a role. */
export const who = (input: BadInput): Who =>
  input.as === 'billing' ? { client: 'billing', scopes: ['facts:write'] } : input.as;

/** Whether the path names something that is there, so that the refusal stands in its log. */
export const namesSubject = (input: BadInput, status: number): boolean =>
  status !== 405 &&
  /\{(customer|account|premise|servicePoint)\}(\/|\?|$)/.test(input.url) &&
  !['route.unknown', 'not-found'].includes(input.code);
