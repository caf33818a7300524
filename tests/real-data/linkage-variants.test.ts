import { describe, expect, it } from 'vitest';
import { linkagePresent, measure, readFebrl, without } from './linkage-files.ts';
import { inTwoFiles, withSeveralDuplicates } from './linkage-slips.ts';

if (!linkagePresent) console.log('skipped: the data set linkage is not beside this checkout');

const slow = { timeout: 120_000 };

describe.skipIf(!linkagePresent)('files made from the originals of febrl2, typed again with slips', () => {
  it.each<readonly [string, readonly Parameters<typeof without>[1][]]>([
    ['as they are', []],
    ['without identifier', ['nationalId']],
    ['without identifier and birthday', ['nationalId', 'birthDate']],
  ])('up to five more records of a person: %s', slow, (_how, fields) => {
    const { f1, precision, falseOfSure } = measure(
      without(withSeveralDuplicates(readFebrl('febrl2.csv'), 1000, 1), ...fields),
    );
    expect(f1).toBeGreaterThanOrEqual(0.995);
    expect(precision).toBeGreaterThanOrEqual(0.998);
    expect(falseOfSure).toBeLessThanOrEqual(0.001);
  });

  it.each<readonly [string, readonly Parameters<typeof without>[1][]]>([
    ['as they are', []],
    ['without identifier and birthday', ['nationalId', 'birthDate']],
  ])('everybody once in each of two files: %s', slow, (_how, fields) => {
    const { first, second } = inTwoFiles(readFebrl('febrl2.csv'), 2000, 1);
    const { f1, precision } = measure(without(first, ...fields), without(second, ...fields));
    expect(f1).toBeGreaterThanOrEqual(0.995);
    expect(precision).toBeGreaterThanOrEqual(0.998);
  });
});
