import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlain, unplainErrors, visible, visibleLine } from '#shared/vocabulary/plain-text.ts';

const character = (code: number): string => String.fromCodePoint(code);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** What no text needs, written down once more from the standard: controls, marks of direction, separators, lone surrogates. */
const steering = [
  ...range(0x00, 0x08),
  ...range(0x0b, 0x1f),
  ...range(0x7f, 0x9f),
  0x061c,
  0x200e,
  0x200f,
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x2069),
  0xd800,
  0xdfff,
];

describe('a text', () => {
  it('holds nothing that steers what shows it, in one line or in several', () => {
    for (const code of steering)
      for (const severalLines of [false, true])
        expect([code.toString(16), isPlain(`a${character(code)}b`, severalLines)]).toEqual([code.toString(16), false]);
  });

  it('has tabs and line ends where it has several lines, and nowhere else', () => {
    for (const text of ['a\tb', 'a\nb', 'a\r\nb']) expect([isPlain(text), isPlain(text, true)]).toEqual([false, true]);
    expect(isPlain('a\rb', true)).toBe(false);
  });

  it('keeps what names and scripts need: joiners, accents, emoji, letters from right to left', () => {
    for (const text of ['Müller', 'می‌خواهم', 'क्‍ष', '👩‍👧', 'שלום', '\u00a0', 'O’Brien'])
      expect([text, isPlain(text), visible(text)]).toEqual([text, true, text]);
  });

  it('is shown without anything that steers, whatever it holds, and means the same within JSON', () => {
    const part = fc.oneof(fc.constantFrom(...steering).map(character), fc.string({ unit: 'binary', maxLength: 3 }));
    const any = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(any, (text) => {
        expect(isPlain(visible(text), true)).toBe(true);
        expect(isPlain(visibleLine(text))).toBe(true);
        expect(JSON.parse(visible(JSON.stringify({ text })))).toEqual({ text });
      }),
      { numRuns: 500 },
    );
  });
});

describe('texts of a value', () => {
  it('are told by their pointers, names of members too, at most 20', () => {
    const rlo = '\u202e';
    const value = { name: { family: `a${rlo}` }, 'a/b': ['fine', 'x\n'], reason: 'two\nlines', [`k${rlo}`]: 1 };
    expect(unplainErrors(value).map(({ pointer }) => pointer)).toEqual(['/name/family', '/a~1b/1', '/k\\u202e']);
    expect(unplainErrors(Array(50).fill(rlo), '/data')).toHaveLength(20);
  });
});
