import { type UsageBlock, writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { writeUsageFrame } from '#functions/readings/contract/usage-frame.ts';

/** A day of quarter hours, for the comparison of sizes. */
const dayOf = (example: UsageBlock): UsageBlock => ({
  ...example,
  interval: 900,
  values: Array.from({ length: 96 }, (_, at) => 40 + ((at * 37) % 260)),
});

const frameParts: readonly (readonly string[])[] = [
  [
    'mark',
    '1',
    '`B1`: no UTF-8 text begins with it, so the first byte tells a frame from JSON; its low four bits are the version',
  ],
  ['flags', '1', 'bit 0: values are deltas; bit 1: some are missing; bit 2: not all are actual; the other bits 0'],
  [
    'meter',
    '17',
    'the 26 characters after `mtr_`, 5 bits each (`0123456789ABCDEFGHJKMNPQRSTVWXYZ` is 0 to 31), highest bit first, then 6 bits 0',
  ],
  ['register', '2 to 9', 'number of characters, then the characters'],
  ['start', '1 to 4', 'minutes since 1970-01-01T00:00Z'],
  ['interval', '1 to 2', 'minutes'],
  ['count', '1 to 2', 'intervals, 1 to 300'],
  ['seq', '1 to 8', 'as in JSON'],
  ['revision', '1 to 2', 'as in JSON; 0 is written'],
  [
    'missing',
    '1 to 38',
    'only with bit 1: one bit an interval, lowest bit first, 1 where the value is missing; the bits left over are 0',
  ],
  [
    'quality',
    '3 and more',
    'only with bit 2: number of marks; then for each how far its index is from the one before (the first: from 0), and its code as one byte',
  ],
  [
    'values',
    '1 and more each',
    'of the intervals that have one, none negative; with bit 0 the difference from the value before (the first: from 0), zigzagged: 0, -1, 1, -2 are 0, 1, 2, 3',
  ],
];

const frameTable = (): string =>
  [['part', 'bytes', 'content'], ['---', '---', '---'], ...frameParts]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const hexOf = (block: UsageBlock): string =>
  Buffer.from(writeUsageFrame(block)).toString('hex').replace(/(..)/g, '$1 ').trim();

/** Paragraphs on the binary form of a block. */
export const frameSection = (example: UsageBlock): readonly string[] => {
  const day = dayOf(example);
  return [
    '## As a frame',
    `A meter that pays for each byte may send the same block as a binary frame, on the same topic and at any time: \`--codec binary\` of \`rotunda feed\` and \`rotunda simulate\` does. What is stored does not depend on the form: a block that comes as JSON and as a frame is one block. A day of 96 quarter hours with values from 40 to 299 is ${writeUsageBlock(day).length} bytes as JSON and ${writeUsageFrame(day).length} as a frame.`,
    'Whole numbers are LEB128: 7 bits a byte, lowest first, the high bit set where more follow; in their shortest form, at most 2^53 - 1.',
    frameTable(),
    'A sender may always write deltas, or plain values where none is negative; a reader takes both. The limits of the fields are those above. A frame that ends too early or too late, of another version, with a bit nobody knows or a number longer than it need be is refused whole, like a block that breaks a rule of a field, and kept in quarantine with its bytes.',
    'The example above as a frame:',
    `\`\`\`text\n${hexOf(example)}\n\`\`\``,
  ];
};
