import { describe, expect, test } from 'vitest';
import { itemBytes, valueBytes } from '#shared/table/item-size.ts';

describe('the size of an item as DynamoDB bills it', () => {
  // Each was read off the write units of DynamoDB Local.
  test.each([
    [0, 1],
    [1, 2],
    [9, 2],
    [10, 2],
    [12, 2],
    [123, 3],
    [100, 2],
    [1000, 2],
    [1234, 3],
    [12345, 4],
    [0.1, 2],
    [0.01, 2],
    [0.001, 2],
    [0.12, 2],
    [1.5, 3],
    [12.5, 3],
    [10.5, 3],
    [100.5, 4],
    [-1, 3],
    [-12, 3],
    [-123, 4],
    [7.235980941950681e-10, 10],
    [1e30, 2],
    [1e31, 2],
    [-1e31, 3],
    [1_770_000_000, 3],
    [101, 3],
    [1001, 3],
    [10_001, 4],
  ])('the number %d takes %d bytes', (value, bytes) => {
    expect(valueBytes(value)).toBe(bytes);
  });

  test('texts count in UTF-8, bytes as they are, lists and maps with what holds them together', () => {
    expect(['é', new Uint8Array(5), true, null, [], {}, [1], { a: 1 }].map(valueBytes)).toEqual([
      2, 5, 1, 1, 3, 3, 6, 7,
    ]);
    expect(itemBytes({ pk: 'p', sk: 's', né: [true] })).toBe(3 + 3 + 3 + 5);
  });
});
