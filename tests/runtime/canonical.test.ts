import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { crockford26, factIdOf, quarantineIdOf } from '#shared/runtime/identify.ts';

/** The same value with the members of every object in another order. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turned(member)]),
  );
};

describe('what is hashed', () => {
  it('is the same text whatever the order of members, and says what the value says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ b: [1, undefined], a: undefined, c: { z: 'é', y: null } })).toBe(
      '{"b":[1,null],"c":{"y":null,"z":"é"}}',
    );
  });
});

describe('the id of an event', () => {
  it('is 26 letters of its system and event, which cannot be shifted from one to the other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (system, event) => {
        expect(factIdOf(system, event)).toMatch(/^fct_[0-9A-HJKMNP-TV-Z]{26}$/);
        expect(factIdOf(system, event)).toBe(factIdOf(system, event));
      }),
    );
    expect(factIdOf('ab', 'c')).not.toBe(factIdOf('a', 'bc'));
  });

  it('holds the first 130 bits', () => {
    expect(crockford26(new Uint8Array(17))).toBe('0'.repeat(26));
    expect(crockford26(new Uint8Array(17).fill(255))).toBe('Z'.repeat(26));
    expect(crockford26(new Uint8Array(32).fill(255).fill(0, 16))).toBe(`${'Z'.repeat(25)}W`);
  });

  it('kept aside depends on its source, the reason and every byte', () => {
    const raw = new Uint8Array([1, 2]);
    const ids = [
      quarantineIdOf('billing', 'fact.invalid', raw),
      quarantineIdOf('crm', 'fact.invalid', raw),
      quarantineIdOf('billing', 'fact.future', raw),
      quarantineIdOf('billing', 'fact.invalid', new Uint8Array([1, 3])),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(quarantineIdOf('billing', 'fact.invalid', raw)).toBe(ids[0]);
  });
});

describe('a clock of a story', () => {
  it('stands until it is moved', () => {
    const clock = new StoryClock('2026-03-01T00:00:00.000Z');
    expect([clock.now(), clock.now()]).toEqual([Date.UTC(2026, 2, 1), Date.UTC(2026, 2, 1)]);
    clock.set('2026-03-02T00:00:00.000Z');
    expect(clock.now()).toBe(Date.UTC(2026, 2, 2));
  });
});
