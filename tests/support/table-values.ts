import * as fc from 'fast-check';
import type { Value } from '#shared/table/table.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });
const anyNumber = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, min: -1e30, max: 1e30 }).filter((n) => n === 0 || Math.abs(n) > 1e-30),
);
/** Any value an item may hold, a few levels deep. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    anyText,
    anyNumber.map((n) => n + 0),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
