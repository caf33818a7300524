import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventPatternException } from '#shared/messaging/event-pattern/refuse.ts';
import { compileEventPattern } from '#shared/messaging/event-pattern.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

const file = fileURLToPath(new URL('../../../shared/data/event-patterns/localstack-cases.json', import.meta.url));
const present = existsSync(file);
if (!present) console.log('skipped: the data set event-patterns is not beside this checkout');

/** A case as it was tried on AWS: pattern and event are JSON texts. */
interface RecordedCase {
  readonly id: string;
  readonly pattern: string;
  readonly event: string;
  readonly expected: 'match' | 'no-match' | 'invalid';
  readonly awsCode?: string;
  readonly awsMessage?: string;
}

const cases: readonly RecordedCase[] = present ? JSON.parse(readFileSync(file, 'utf8')) : [];
const ofKind = (kind: RecordedCase['expected']): readonly RecordedCase[] =>
  cases.filter(({ expected }) => expected === kind);

const refusalOf = (pattern: string): unknown => {
  try {
    compileEventPattern(pattern);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe.skipIf(!present)('a local rule answers as EventBridge did', () => {
  it('in 113 cases: 45 that match, 39 that do not, 29 that are refused', () => {
    expect(cases).toHaveLength(113);
    expect([ofKind('match').length, ofKind('no-match').length, ofKind('invalid').length]).toEqual([45, 39, 29]);
  });

  it.each(ofKind('match'))('$id matches', ({ pattern, event }) => {
    expect(compileEventPattern(pattern)(event)).toBe(true);
    expect(compileEventPattern(JSON.parse(pattern))(JSON.parse(event))).toBe(true);
  });

  it.each(ofKind('no-match'))('$id does not match', ({ pattern, event }) => {
    expect(compileEventPattern(pattern)(event)).toBe(false);
    expect(compileEventPattern(JSON.parse(pattern))(JSON.parse(event))).toBe(false);
  });

  it.each(ofKind('invalid'))('$id is refused in the words of AWS', ({ pattern, awsCode, awsMessage = '' }) => {
    const refusal = refusalOf(pattern);
    expect(refusal).toBeInstanceOf(DomainError);
    expect(awsCode).toBe(eventPatternException);
    expect(refusal).toMatchObject({
      code: expect.stringMatching(/^pattern\.(shape|operator|value)$/),
      extra: { exception: awsCode },
      errors: [{ pointer: expect.stringMatching(/^\//) }],
      message: expect.stringContaining(`${awsMessage} at /`),
    });
  });
});
