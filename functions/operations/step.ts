import type * as z from 'zod';
import { DomainError } from '#shared/vocabulary/errors.ts';

/**
 * An act on a whole table may take longer than a function may run, so it is done in steps. A step answers what came of the act so
 * far, and where the next one goes on; without `next` the act is done.
 */
export interface Step<Answer> {
  readonly answer: Answer;
  readonly next?: string;
}

/** Whether the time of a step is over; asked between pieces of work. */
export type IsOver = () => boolean;

/** A step without end: where nothing limits how long an act may take. */
export const unhurried: IsOver = () => false;

/** Where an act stands, as text that goes through the operator's hands. */
export const writePlace = (place: unknown): string => Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};

/** Reads where an act stands; DomainError (400) where the text is none of this act. */
export const readPlace = <Place extends z.ZodType>(schema: Place, text: string): z.output<Place> => {
  const place = schema.safeParse(parsed(text));
  if (place.success) return place.data;
  throw new DomainError('syntax', 'cursor.invalid', 'The place to go on from is none of this act.', {
    cause: place.error,
  });
};
