import * as z from 'zod';
import { ask } from './connection.ts';
import { fitted, joined } from './screen-lines.ts';
import type { Terminal } from './terminal.ts';

/** What the command line reads of a hit. */
const Hits = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      name: z.string().optional(),
      score: z.number(),
      matchedOn: z.array(
        z.object({ key: z.string(), value: z.string().optional(), former: z.literal(true).optional() }),
      ),
      accounts: z.array(z.string()),
      address: z.string().optional(),
      unmet: z.array(z.string()).optional(),
    }),
  ),
  next: z.string().nullable(),
});
export type Hit = z.infer<typeof Hits>['data'][number];

/** First page of the customers that fit the words, best first, as the API answers. */
export const searchCustomers = async (
  url: string,
  token: string,
  purpose: string,
  words: string,
  limit: number,
): Promise<z.infer<typeof Hits>> => {
  const query = new URLSearchParams({ q: words, limit: String(limit) });
  const headers = { 'rotunda-purpose': purpose };
  return Hits.parse(await ask(url, { path: `/v1/customers?${query}`, token, headers }));
};

/** What is printed of a hit: who, where, and why it matched. */
export const hitLines = (
  { id, name, address, matchedOn, unmet }: Hit,
  { width }: Pick<Terminal, 'width'>,
): readonly string[] => {
  const why = matchedOn
    .map(({ key, value, former }) => [...(former === undefined ? [] : ['former']), key, value ?? ''].join(' ').trim())
    .join(', ');
  const lacking = unmet === undefined ? undefined : `nothing known of ${unmet.join(' ')}`;
  const text = `${id}  ${joined(name ?? '(name not shown)', address, `matched on ${why}`, lacking)}`;
  return fitted([{ text }], width).map((line) => line.text);
};
