import { ByteWriter } from './packed.ts';

/** The mark by which an account digest names a premise: 4 bytes of its id, as hex. */
export const premiseMark = (premise: string): string =>
  Buffer.from(new ByteWriter().id(premise).bytes().subarray(0, 4)).toString('hex');
