import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameMeter } from '#local/guarded-connection.ts';

const lengthBytes = (length: number): number[] => {
  const bytes: number[] = [];
  let left = length;
  do {
    const low = left % 128;
    left = Math.floor(left / 128);
    bytes.push(left > 0 ? low | 128 : low);
  } while (left > 0);
  return bytes;
};
const frame = (length: number): Buffer =>
  Buffer.concat([Buffer.from([0x30, ...lengthBytes(length)]), Buffer.alloc(length)]);
const limit = 2000;

describe('the size guard of a device connection', () => {
  it('passes any run of packets within the limit, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(limit), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 700 })),
        (sizes, cuts) => {
          const bytes = Buffer.concat(sizes.map(frame));
          const meter = new FrameMeter(limit);
          let at = 0;
          for (const cut of [...cuts, bytes.length]) {
            expect(meter.take(bytes.subarray(at, at + cut))).toBe(true);
            at += cut;
          }
        },
      ),
    );
  });

  it('stops at the length of the first packet beyond the limit, before its body', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(limit), { maxLength: 8 }),
        fc.integer({ min: limit + 1, max: 268_435_455 }),
        (sizes, size) => {
          const meter = new FrameMeter(limit);
          for (const length of sizes) expect(meter.take(frame(length))).toBe(true);
          expect(meter.take(Buffer.from([0x30, ...lengthBytes(size)]))).toBe(false);
        },
      ),
    );
  });
});
