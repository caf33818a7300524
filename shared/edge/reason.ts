import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { Reason } from '#shared/vocabulary/reason.ts';
import { actOf, type Exchange, header } from './exchange.ts';

/** Header that says why, where the body does not. */
export const reasonHeader = 'rotunda-reason';

const unreadable = (cause?: unknown): DomainError =>
  new DomainError(
    'syntax',
    'reason.invalid',
    'Rotunda-Reason is 3 to 500 characters that say why, on one line, percent-encoded as UTF-8 where they are not ASCII.',
    { cause },
  );

/**
 * A reason as a header says it: headers are ASCII, so that other letters come percent-encoded. Undefined where none was sent;
 * DomainError (400) where it cannot stand in the audit.
 */
export const readReason = (sent: string | undefined): string | undefined => {
  if (sent === undefined) return undefined;
  let text: string;
  try {
    text = decodeURIComponent(sent);
  } catch (cause) {
    throw unreadable(cause);
  }
  const reason = Reason.safeParse(text);
  if (!reason.success) throw unreadable(reason.error);
  return reason.data;
};

/** DomainError (400) of an act that nobody may do without saying why. */
export const reasonRequired = (): DomainError =>
  new DomainError('syntax', 'reason.required', 'Say why: send Rotunda-Reason.');

const saidInBody = (body: unknown, member: 'reason' | 'note'): string | undefined => {
  const said =
    typeof body === 'object' && body !== null ? new Map<string, unknown>(Object.entries(body)).get(member) : undefined;
  if (typeof said !== 'string') return undefined;
  const reason = Reason.safeParse(said);
  if (reason.success) return reason.data;
  throw new DomainError('invalid', 'body.invalid', 'The body does not fit: see errors.', {
    errors: [
      {
        pointer: `/${member}`,
        code: 'field.custom',
        message: 'must be 3 to 500 characters that say why, without control characters',
      },
    ],
  });
};

/**
 * Why the caller makes this change: from the body of a route that takes it there, else from the header, which every change may
 * send. DomainError (400) where the route asks for the header and it is missing.
 */
export const reasonOf = (exchange: Exchange, route: RouteDefinition): string | undefined => {
  if (route.method === 'GET') return undefined;
  const member = route.reason === 'body' ? 'reason' : route.reason;
  const said = member === 'reason' || member === 'note' ? saidInBody(exchange.body, member) : undefined;
  const reason = said ?? readReason(header(exchange, reasonHeader));
  if (reason === undefined && route.reason === 'header') throw reasonRequired();
  // A look ahead changes nothing: like every look it leaves no words, which nobody would take out with whom they name.
  return actOf(exchange, route) === route.act ? reason : undefined;
};
