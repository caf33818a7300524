import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareField, evidence } from '#functions/duplicates/rules/evidence.ts';
import { type ComparedField, comparedFields } from '#functions/duplicates/rules/person-values.ts';
import { ValueTable } from '#functions/duplicates/rules/value-table.ts';

const levelOf = (field: ComparedField, left: string, right: string): number => {
  const table = new ValueTable();
  const [a, b] = [table.numberOf(left), table.numberOf(right)];
  return a === b ? 0 : compareField[field](table.value(a), table.value(b));
};

describe('two values of a field', () => {
  it.each<readonly [ComparedField, string, string, number]>([
    ['given', 'anna', 'anna', 0],
    ['given', 'william', 'bill', 1],
    ['given', 'jon paul', 'jonpaul', 1],
    ['given', 'matilda', 'matidla', 1],
    ['given', 'john paul', 'jack', 1],
    ['given', 'kayne paul', 'kayne', 2],
    ['given', 'j', 'john', 3],
    ['given', 'harry', 'ryhar', 3],
    ['given', 'anna', 'peter', 4],
    ['family', 'smith', 'smyth', 1],
    ['family', 'smith jones', 'smith', 2],
    ['birthDate', '19850304', '19850304', 0],
    ['birthDate', '19850304', '19850403', 1],
    ['birthDate', '19850304', '19850314', 1],
    ['birthDate', '19850304', '19850328', 2],
    ['birthDate', '19850304', '19850402', 2],
    ['birthDate', '19850304', '1985', 2],
    ['birthDate', '19850304', '19851130', 3],
    ['birthDate', '19850304', '19521130', 4],
    ['nationalId', '7125552', '7125525', 1],
    ['nationalId', '7125552', '7125', 3],
    ['phone', '700900123', '700900132', 1],
    ['email', 'anna@example.com', 'anna@example.org', 1],
    ['email', 'anna@example.com', 'peter@other.net', 3],
    ['street', 'forbes street', 'forbse street', 1],
    ['street', 'old forbes street', 'forbes close', 2],
    ['street', 'forbes street', 'quay street', 3],
    ['town', 'saltmouth', 'saltmuoth', 1],
    ['town', 'wintersloe kellerberrin', 'kellerberrin', 1],
    ['town', 'saltmouth', 'westerby', 3],
    ['postcode', '4510', '4501', 1],
    ['postcode', '4510', '1045', 2],
    ['postcode', '4510', '9999', 3],
    ['number', '14', '41', 1],
    ['number', '4', '7', 2],
    ['number', '2 14', '14', 1],
    ['state', 'nsw', 'vic', 2],
    ['gender', 'f', 'm', 1],
    ['generation', 'jr', '-', 1],
    ['generation', 'jr', '2', 1],
    ['generation', 'jr', 'sr', 2],
    ['holder', 'one', 'estate', 1],
  ])('%s: "%s" and "%s" agree at level %i', (field, left, right, level) => {
    expect(levelOf(field, left, right)).toBe(level);
    expect(levelOf(field, right, left)).toBe(level);
  });

  it('agree the same, whichever comes first, and always at a level there is', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1', '@'), minLength: 1, maxLength: 10 }),
      fc.string({ unit: fc.constantFrom('0', '1', '9'), minLength: 8, maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...comparedFields), text, text, (field, left, right) => {
        const level = levelOf(field, left, right);
        const levels = evidence.find(({ name }) => name === field)?.expected.length ?? 0;
        expect(level).toBe(levelOf(field, right, left));
        expect(level).toBeGreaterThanOrEqual(left === right ? 0 : 1);
        expect(level).toBeLessThan(levels);
      }),
    );
  });
});
