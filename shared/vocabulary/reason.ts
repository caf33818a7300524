import * as z from 'zod';

/** Characters that steer a terminal or turn the direction of what is read, and line ends. */
const steering = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u;

/** Characters that show as nothing. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** Whether a text says something to who reads it: three characters that are seen, and a letter or figure among them. */
const saysSomething = (text: string): boolean => {
  const seen = text.replace(unseen, '').trim();
  return [...seen].length >= 3 && /[\p{L}\p{N}]/u.test(seen);
};

/** Text as one line, without blanks around it. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Most characters of a reason. */
export const longestReason = 500;

/**
 * Why somebody changes something, in their own words and on one line. It stands in the audit for good, so it should name no
 * person; it never stands in a log.
 */
export const Reason = z
  .string()
  .max(4 * longestReason)
  .transform(oneLine)
  .pipe(
    z
      .string()
      .min(3)
      .max(longestReason)
      .refine((text) => !steering.test(text), { message: 'must hold no control or direction characters' })
      .refine(saysSomething, { message: 'must say why' }),
  );
