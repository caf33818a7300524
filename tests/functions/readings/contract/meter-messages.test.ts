import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readMeterMessage } from '#functions/readings/contract/read-message.ts';
import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { writeUsageFrame } from '#functions/readings/contract/usage-frame.ts';

const Vectors = z.object({
  valid: z.array(z.object({ name: z.string(), text: z.string(), expect: z.object({ message: z.unknown() }) })),
  invalid: z.array(
    z.object({ name: z.string(), text: z.string(), expect: z.object({ pointer: z.string(), code: z.string() }) }),
  ),
});
const vectors = Vectors.parse(JSON.parse(readFileSync('docs/vectors/meter-messages-v1.json', 'utf8')));

const read = (text: string) => {
  const message = readMeterMessage(Buffer.from(text));
  if (message.kind === 'meter-event') return message.event;
  return message.kind === 'register-read' ? message.read : message;
};

describe('messages of meters', () => {
  it.each(vectors.valid)('are read as published: $name', ({ text, expect: expected }) => {
    expect(read(text)).toEqual(expected.message);
  });

  it.each(vectors.invalid)('are refused as published: $name', ({ text, expect: expected }) => {
    expect(read(text)).toEqual({ kind: 'fault', fault: expected });
  });

  it('are told from usage blocks, JSON or frame, whatever topic they come by', () => {
    const block = {
      v: 1 as const,
      meter: 'mtr_0123456789ABCDEFGHJKMNPQRS',
      register: 'E1',
      start: 1_772_323_200,
      interval: 1800,
      values: [141, null],
      seq: 7,
      revision: 0,
    };
    for (const bytes of [writeUsageBlock(block), writeUsageFrame(block)]) {
      expect(readMeterMessage(bytes)).toEqual({ kind: 'usage-block', block });
    }
  });

  it('that hold anything at all are a message or a fault that names no value of theirs', () => {
    const secret = 'secretvalue';
    const any = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record(
          {
            v: fc.constantFrom(1, 2),
            kind: fc.constantFrom('meter-event', 'register-read', secret),
            meter: fc.constantFrom('mtr_0123456789ABCDEFGHJKMNPQRS', secret),
            event: fc.constantFrom('tamper', 'leak', secret),
            at: fc.oneof(fc.nat(), fc.constant(secret)),
            value: fc.oneof(fc.integer(), fc.constant(secret)),
            seq: fc.nat(),
          },
          { requiredKeys: [] },
        )
        .map((message) => Buffer.from(JSON.stringify(message))),
    );
    fc.assert(
      fc.property(any, (bytes) => {
        const message = readMeterMessage(bytes);
        if (message.kind === 'fault') expect(JSON.stringify(message.fault)).not.toContain(secret);
        else expect(['usage-block', 'register-read', 'meter-event']).toContain(message.kind);
      }),
      { numRuns: 500 },
    );
  });
});
