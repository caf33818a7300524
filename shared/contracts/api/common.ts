import * as z from 'zod';
import { Instant, LocalDate } from '#shared/vocabulary/instants.ts';
import { Money, MoneySum } from '#shared/vocabulary/money.ts';
import { Reference } from '#shared/vocabulary/references.ts';
import type { ResponseMarks } from './definition.ts';

/** Bounds of a page; shared by every list. */
export const pageLimits = { default: 25, most: 100 } as const;

const wholeNumber = (most: number, standard: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,4}$/, `must be a whole number from 1 to ${most}`)
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .default(standard);

/** Query of a list. `cursor` arrives signed and reaches the use case as the position inside. */
export const paging = {
  limit: wholeNumber(pageLimits.most, pageLimits.default).describe(
    `Entries on a page, 1 to ${pageLimits.most}; ${pageLimits.default} where absent.`,
  ),
  cursor: z
    .string()
    .min(1)
    .max(4096)
    .regex(/^[A-Za-z0-9._~-]+$/, 'must be the `next` of a page')
    .optional()
    .describe('`next` of the page before.'),
};

/** Query of what can be seen as it was: what had happened by `asOf`, as far as it was known by `knownAt`. */
export const pastMoment = {
  asOf: Instant.optional().describe('As it was then. Absent: at `knownAt`, or now.'),
  knownAt: Instant.optional().describe(
    'By what was known here then. Absent: by what is known now. To a moment of the last seconds what was just being kept may still come.',
  ),
};

/** Answer of a list. `next` is null on the last page. */
export const page = <Entry extends z.ZodType>(entry: Entry) =>
  z.object({
    data: z.array(entry),
    next: z.string().nullable().describe('Cursor of the next page; null where there is none.'),
    masked: Masked,
  });

/** Members that tell on which accounts a customer holds a role now. */
export const accountsNow = {
  accounts: z
    .array(z.string())
    .describe('Ids of the accounts on which the customer holds a role now: the first 100, open ones first.'),
  moreAccounts: z
    .int()
    .min(1)
    .optional()
    .describe('How many more such accounts there are; `GET /v1/customers/{id}/accounts` lists all.'),
};

/** Paths of what this caller sees masked or not at all. */
export const Masked = z
  .array(z.string())
  .optional()
  .describe('Paths that are masked or left out for this caller, e.g. "contact.points[].value".');

/** Marks of a list from the marks of its entry. */
export const listMarks = (entry: ResponseMarks): ResponseMarks => ({
  ...Object.fromEntries(Object.entries(entry).map(([path, mark]) => [`data[].${path}`, mark])),
  next: 'plain',
  masked: 'plain',
});

/** A file that a route gives in place of JSON; the edge writes its type and its name into the headers. */
export const DownloadedFile = z.object({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
  type: z.string(),
  text: z.string(),
});
export type DownloadedFile = z.infer<typeof DownloadedFile>;

/** Bytes of a file in an answer: Lambda takes 6 MB, the text being a JSON string there, and the headers need some of it. */
export const mostFileBytes = 6_000_000;
const utf8 = new TextEncoder();
/** Bytes that a text takes in an answer. */
export const fileBytes = (text: string): number => utf8.encode(JSON.stringify(text)).byteLength - 2;

/** The version of a thing, as its ETag says it (`"v17"`). */
export const Version = z.int().min(1).describe('Counts the changes of this thing; its ETag is "v<version>".');

/** Answer of a write: what was kept, and under which ids. */
export const Kept = {
  factId: z.string().describe('Id of the fact that was kept.'),
  occurredAt: Instant,
};
export const keptMarks = { factId: 'plain', occurredAt: 'plain' } as const satisfies ResponseMarks;

export const references = z.array(Reference).describe('Ids of this thing in other systems.');

/** RFC 9457, with the code and request id of this system. */
export const Problem = z.object({
  type: z.string().describe('Page that explains the problem.'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().optional(),
  code: z.string().describe('For programs: stable, e.g. "payment.already-reversed".'),
  requestId: z.string(),
  errors: z
    .array(z.object({ pointer: z.string(), code: z.string(), message: z.string() }))
    .optional()
    .describe('Each complaint about a field, by JSON pointer.'),
});

export { Instant, LocalDate, Money, MoneySum };
