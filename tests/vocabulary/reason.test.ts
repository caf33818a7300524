import { expect, it } from 'vitest';
import { Reason } from '#shared/vocabulary/reason.ts';

it.each(['Booked twice.', 'tél. 22', '誤入力です', '  Two\nlines. ', 'No. 7'])('%j is a reason', (said) => {
  expect(Reason.safeParse(said).success).toBe(true);
});

it.each([
  '',
  'no',
  '   ',
  '...',
  '— — —',
  '\u00a0\u00a0\u00a0\u00a0',
  '\u200b\u200b\u200b\u200b',
  '\u2060\u2060\u2060\u2060',
  '\u3164\u3164\u3164\u3164',
  '\u2800\u2800\u2800\u2800',
  'a\u200b\u200b\u200b',
])('%j is none: whoever reads it learns nothing', (said) => {
  expect(Reason.safeParse(said).success).toBe(false);
});
