import { describe, expect, it } from 'vitest';
import { compileEventPattern } from '#shared/messaging/event-pattern.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

const event = {
  source: 'rotunda.billing',
  'detail-type': 'billing.payment.received.v1',
  detail: {
    metadata: { subjectId: 'acc_1', sequence: 3, replay: false },
    data: {
      amountMinor: 1250,
      channel: 'Direct Debit',
      from: '192.168.4.77',
      note: '',
      gone: null,
      tags: ['late', 'card'],
      none: [],
      'bank.sort': '12-34-56',
      lines: [
        { kind: 'usage', amountMinor: 1000 },
        { kind: 'standing charge', amountMinor: 250, tariff: 'flat' },
      ],
      grid: [[{ row: 1, column: 1 }], [{ row: 2, column: 2 }]],
    },
  },
};

/** A pattern on one field of the data. */
const data = (name: string, ...alternatives: readonly unknown[]): unknown => ({
  detail: { data: { [name]: alternatives } },
});

type Case = readonly [what: string, pattern: unknown];

describe('an event pattern', () => {
  it.each<Case>([
    ['an exact source', { source: ['rotunda.billing'] }],
    ['one of several alternatives', { source: ['rotunda.customer', 'rotunda.billing'] }],
    ['members of the detail, all of them', { detail: { metadata: { subjectId: ['acc_1'], sequence: [3] } } }],
    ['a truth value', { detail: { metadata: { replay: [false] } } }],
    ['a null', data('gone', null)],
    ['an empty text', data('note', '')],
    ['one value of a list in the event', data('tags', 'card')],
    ['two values of a list at once, by two operators', { detail: { data: { tags: ['card', { prefix: 'zz' }] } } }],
    ['a prefix', { 'detail-type': [{ prefix: 'billing.' }] }],
    ['the empty prefix on any text', data('note', { prefix: '' })],
    ['a prefix in a list of the event', data('tags', { prefix: 'la' })],
    ['a prefix in any case', data('channel', { prefix: { 'equals-ignore-case': 'DIRECT' } })],
    ['a suffix', { 'detail-type': [{ suffix: '.v1' }] }],
    ['a suffix in any case', data('channel', { suffix: { 'equals-ignore-case': 'DEBIT' } })],
    ['a text in any case', data('channel', { 'equals-ignore-case': 'direct DEBIT' })],
    ['the exact operator', data('channel', { exactly: 'Direct Debit' })],
    ['a wildcard within', { 'detail-type': [{ wildcard: 'billing.*.v1' }] }],
    ['a wildcard that stands for nothing', { 'detail-type': [{ wildcard: '*billing.payment*.received.v1*' }] }],
    ['a lone wildcard on any text', data('note', { wildcard: '*' })],
    ['a number', data('amountMinor', 1250)],
    ['a number within a range', data('amountMinor', { numeric: ['>', 1000, '<=', 1250] })],
    ['a number at least', data('amountMinor', { numeric: ['>=', 1250] })],
    ['a number equal', data('amountMinor', { numeric: ['=', 1250] })],
    ['a number below', data('amountMinor', { numeric: ['<', 1250.5] })],
    ['an address in a block', data('from', { cidr: '192.168.0.0/16' })],
    ['an address in a block written with bits of a host', data('from', { cidr: '192.168.4.99/24' })],
    ['a field that is there', data('channel', { exists: true })],
    ['a null as a field that is there', data('gone', { exists: true })],
    ['a field that is not there', data('mandate', { exists: false })],
    ['an empty list as nothing there', data('none', { exists: false })],
    ['an object as nothing there: only leaves are', { detail: { data: [{ exists: false }] } }],
    ['anything but a text', data('channel', { 'anything-but': 'Card' })],
    ['anything but some texts', data('channel', { 'anything-but': ['Card', 'Cash'] })],
    ['anything but a number', data('amountMinor', { 'anything-but': 0 })],
    ['anything but some numbers', data('amountMinor', { 'anything-but': [1, 2] })],
    ['anything but a prefix', data('channel', { 'anything-but': { prefix: 'C' } })],
    ['anything but prefixes', data('channel', { 'anything-but': { prefix: ['C', 'B'] } })],
    ['anything but a suffix', data('channel', { 'anything-but': { suffix: 'Card' } })],
    ['anything but suffixes', data('channel', { 'anything-but': { suffix: ['Card', 'Cash'] } })],
    ['anything but a wildcard', data('channel', { 'anything-but': { wildcard: 'C*' } })],
    ['anything but wildcards', data('channel', { 'anything-but': { wildcard: ['C*', '*d'] } })],
    ['anything but a text in any case', data('channel', { 'anything-but': { 'equals-ignore-case': 'CARD' } })],
    ['anything but texts in any case', data('channel', { 'anything-but': { 'equals-ignore-case': ['CARD', 'CASH'] } })],
    ['a null as anything but a text', data('gone', { 'anything-but': 'x' })],
    ['a number as anything but a text of its digits', data('amountMinor', { 'anything-but': '1250' })],
    ['one value of a list that is anything but another', data('tags', { 'anything-but': 'late' })],
    ['a dotted name of the event, step by step', { detail: { data: { bank: { sort: ['12-34-56'] } } } }],
    ['steps of the event, by a dotted name', { 'detail.metadata.sequence': [3] }],
    ['members of one element of a list', { detail: { data: { lines: { kind: ['usage'], amountMinor: [1000] } } } }],
    ['members of one element of a list in a list', { detail: { data: { grid: { row: [2], column: [2] } } } }],
    [
      'an element of a list without a member another has',
      { detail: { data: { lines: { kind: ['usage'], tariff: [{ exists: false }] } } } },
    ],
    ['one of two ways', { $or: [{ source: ['x'] }, { detail: { metadata: { sequence: [3] } } }] }],
    ['a way within a way', { $or: [{ source: ['x'] }, { $or: [{ source: ['y'] }, { source: ['rotunda.billing'] }] }] }],
    [
      'what stands beside the ways too',
      { source: ['rotunda.billing'], $or: [{ 'detail-type': ['x'] }, data('amountMinor', 1250)] },
    ],
    [
      'a path written twice by what was written last',
      { source: ['x'], $or: [{ source: ['rotunda.billing'] }, data('a', 1)] },
    ],
  ])('matches %s', (_what, pattern) => {
    expect(compileEventPattern(pattern)(event)).toBe(true);
    expect(compileEventPattern(JSON.stringify(pattern))(JSON.stringify(event))).toBe(true);
  });

  it.each<Case>([
    ['another source', { source: ['rotunda.customer'] }],
    ['letters of another case', { source: ['Rotunda.Billing'] }],
    ['names of another case', { Source: ['rotunda.billing'] }],
    ['one of two members only', { source: ['rotunda.billing'], detail: { metadata: { sequence: [4] } } }],
    ['a number written as text', data('amountMinor', '1250')],
    ['a text of a number', { detail: { metadata: { subjectId: [1] } } }],
    ['a member that is not there', data('amount', 1)],
    ['a null where nothing is', data('amount', null)],
    ['a null in an empty list', data('none', null)],
    ['a name every object inherits', { detail: { constructor: [{ prefix: '' }] } }],
    ['a part that is no prefix', { 'detail-type': [{ prefix: 'payment' }] }],
    ['a prefix on a number', data('amountMinor', { prefix: '1' })],
    ['a suffix of another case', data('channel', { suffix: 'debit' })],
    ['a wildcard that has to end elsewhere', { 'detail-type': [{ wildcard: 'billing.*.v2' }] }],
    ['a wildcard whose ends overlap', { source: [{ wildcard: 'rotunda.bill*billing' }] }],
    ['an empty wildcard on a text', data('channel', { wildcard: '' })],
    ['a number outside a range', data('amountMinor', { numeric: ['>', 1250, '<', 2000] })],
    ['numeric on a text', data('bank.sort', { numeric: ['>', 0] })],
    ['an address outside a block', data('from', { cidr: '192.168.5.0/24' })],
    ['a block on a text that is no address', data('channel', { cidr: '0.0.0.0/0' })],
    ['an IPv6 block on an IPv4 address', data('from', { cidr: '::/0' })],
    ['a field that should not be there', data('channel', { exists: false })],
    ['an empty list that should hold something', data('none', { exists: true })],
    ['an object that should be a leaf', { detail: { data: [{ exists: true }] } }],
    ['anything but what it is', data('channel', { 'anything-but': ['Card', 'Direct Debit'] })],
    ['anything but its number', data('amountMinor', { 'anything-but': [1250] })],
    ['anything but its prefix', data('channel', { 'anything-but': { prefix: ['C', 'Direct'] } })],
    ['anything but its suffix', data('channel', { 'anything-but': { suffix: ['Debit'] } })],
    ['anything but its wildcard', data('channel', { 'anything-but': { wildcard: '*ct*' } })],
    [
      'anything but itself in any case',
      data('channel', { 'anything-but': { 'equals-ignore-case': ['DIRECT DEBIT'] } }),
    ],
    ['anything but, where nothing is', data('amount', { 'anything-but': 'x' })],
    ['anything but, in an empty list', data('none', { 'anything-but': 'x' })],
    ['members of two elements of a list', { detail: { data: { lines: { kind: ['usage'], amountMinor: [250] } } } }],
    ['members of two elements of a list in a list', { detail: { data: { grid: { row: [1], column: [2] } } } }],
    ['none of two ways', { $or: [{ source: ['x'] }, { source: ['y'] }] }],
    [
      'a way without what stands beside it',
      { source: ['x'], $or: [data('amountMinor', 1250), data('amountMinor', 1)] },
    ],
  ])('does not match %s', (_what, pattern) => {
    expect(compileEventPattern(pattern)(event)).toBe(false);
    expect(compileEventPattern(JSON.stringify(pattern))(JSON.stringify(event))).toBe(false);
  });

  it('matches no event that is no object', () => {
    const pattern = compileEventPattern(data('a', { exists: false }));
    expect([[], 'null', null, 3].map((other) => pattern(other))).toEqual([false, false, false, false]);
  });

  it('takes an address in any spelling', () => {
    const matches = compileEventPattern(data('from', '2001:db8::1'));
    expect(matches({ detail: { data: { from: '2001:0DB8:0:0:0:0:0:0001' } } })).toBe(true);
    expect(matches({ detail: { data: { from: '2001:db8::2' } } })).toBe(false);
    expect(compileEventPattern(data('from', '192.168.4.77'))({ detail: { data: { from: '192.168.004.077' } } })).toBe(
      true,
    );
  });

  it('lets a letter of a pattern stand for its whole upper case', () => {
    const matches = compileEventPattern(data('street', { 'equals-ignore-case': 'Hauptstraße' }));
    const at = (street: string): boolean => matches({ detail: { data: { street } } });
    expect([at('HAUPTSTRASSE'), at('hauptstraße'), at('hauptstrasse')]).toEqual([true, true, false]);
  });

  it('takes a star and a backslash by themselves where they are escaped', () => {
    const matches = compileEventPattern(data('path', { wildcard: 'a\\**\\\\' }));
    const at = (path: string): boolean => matches({ detail: { data: { path } } });
    expect([at('a*b\\'), at('a*\\'), at('ab\\'), at('a*b')]).toEqual([true, true, false, false]);
  });
});

describe('numbers', () => {
  const at = (pattern: string, value: string): boolean => compileEventPattern(`{"n":[${pattern}]}`)(`{"n":${value}}`);

  it('are compared by value, however they are written', () => {
    expect([at('300', '3e2'), at('300.0', '300'), at('3.0e2', '300.00'), at('0', '-0.0')]).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('that a double cannot hold are compared by spelling', () => {
    expect(at('12345678901234567890', '12345678901234567890')).toBe(true);
    expect(at('12345678901234567890', '12345678901234567891')).toBe(false);
    expect(at('{"numeric":[">",0]}', '12345678901234567891')).toBe(false);
    expect(at('{"anything-but":7}', '12345678901234567891')).toBe(true);
  });

  it('of an event are read through a double where they are fractions', () => {
    expect(at('0.1', '0.1000000000000000055511151231257827')).toBe(true);
  });
});

describe('a pattern is refused', () => {
  const refusal = (pattern: unknown): DomainError => {
    try {
      compileEventPattern(pattern);
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
    throw new Error('was not refused');
  };

  const ten = Array.from({ length: 10 }, (_, index) => ({ source: [String(index)] }));
  const or = (...names: readonly string[]): unknown =>
    Object.fromEntries(names.map((name) => [name, { $or: ten.map((way) => ({ ...way })) }]));

  it.each<readonly [what: string, pattern: unknown, code: string, pointer: string]>([
    ['no JSON', '{"source"', 'invalid', ''],
    ['a value that JSON does not have', undefined, 'invalid', ''],
    ['a list', [], 'shape', ''],
    ['no field', {}, 'shape', ''],
    ['an object without fields', { detail: {} }, 'shape', '/detail'],
    ['a plain value outside a list', { source: 'rotunda.billing' }, 'shape', '/source'],
    ['an empty list', { source: [] }, 'shape', '/source'],
    ['a list in a list', { source: [['a']] }, 'shape', '/source/0'],
    ['an expression without operator', { source: ['a', {}] }, 'shape', '/source/1'],
    ['two operators in one', { source: [{ prefix: 'a', suffix: 'b' }] }, 'shape', '/source/0'],
    ['an operator nobody knows', { source: [{ regex: 'b' }] }, 'operator', '/source/0'],
    ['an operator in capitals', { source: [{ Prefix: 'b' }] }, 'operator', '/source/0'],
    ['a prefix of a prefix', { source: [{ prefix: { prefix: 'b' } }] }, 'operator', '/source/0/prefix'],
    ['anything but a cidr', { a: [{ 'anything-but': { cidr: '1.0.0.0/8' } }] }, 'operator', '/a/0/anything-but'],
    ['a prefix that is no text', { source: [{ prefix: 1 }] }, 'value', '/source/0/prefix'],
    ['a suffix that is a list', { source: [{ suffix: ['a'] }] }, 'value', '/source/0/suffix'],
    ['exists with a word', { a: [{ exists: 'yes' }] }, 'value', '/a/0/exists'],
    ['two stars together', { a: [{ wildcard: 'a**b' }] }, 'value', '/a/0/wildcard'],
    ['a backslash before a letter', { a: [{ wildcard: 'a\\b' }] }, 'value', '/a/0/wildcard'],
    ['a backslash at the end', { a: [{ wildcard: 'a\\' }] }, 'value', '/a/0/wildcard'],
    ['numeric without list', { a: [{ numeric: 5 }] }, 'value', '/a/0/numeric'],
    ['numeric without operator', { a: [{ numeric: [5] }] }, 'value', '/a/0/numeric'],
    ['numeric with an unknown comparison', { a: [{ numeric: ['<>', 5] }] }, 'value', '/a/0/numeric/0'],
    ['numeric without number', { a: [{ numeric: ['>='] }] }, 'value', '/a/0/numeric/1'],
    ['an upper bound first', { a: [{ numeric: ['<', 5, '>', 1] }] }, 'value', '/a/0/numeric/2'],
    ['a range that is empty', { a: [{ numeric: ['>', 5, '<', 5] }] }, 'value', '/a/0/numeric/3'],
    ['a range with three bounds', { a: [{ numeric: ['>', 1, '<', 5, '<', 6] }] }, 'value', '/a/0/numeric/4'],
    ['a bound no double holds', '{"a":[{"numeric":["=",12345678901234567891]}]}', 'value', '/a/0/numeric/1'],
    ['anything but a null', { a: [{ 'anything-but': null }] }, 'value', '/a/0/anything-but'],
    ['anything but nothing', { a: [{ 'anything-but': [] }] }, 'value', '/a/0/anything-but'],
    ['anything but texts and numbers', { a: [{ 'anything-but': ['a', 1] }] }, 'value', '/a/0/anything-but'],
    [
      'anything but a list with a truth value',
      { a: [{ 'anything-but': ['a', true] }] },
      'value',
      '/a/0/anything-but/1',
    ],
    ['anything but no prefix', { a: [{ 'anything-but': { prefix: [] } }] }, 'shape', '/a/0/anything-but/prefix'],
    [
      'anything but the empty prefix',
      { a: [{ 'anything-but': { prefix: ['a', ''] } }] },
      'value',
      '/a/0/anything-but/prefix/1',
    ],
    ['a block without mask', { a: [{ cidr: '10.0.0.0' }] }, 'value', '/a/0/cidr'],
    ['a block with a word as mask', { a: [{ cidr: '10.0.0.0/a' }] }, 'value', '/a/0/cidr'],
    ['a block below zero', { a: [{ cidr: '10.0.0.0/-1' }] }, 'value', '/a/0/cidr'],
    ['a block of one address', { a: [{ cidr: '10.0.0.1/32' }] }, 'value', '/a/0/cidr'],
    ['a block with an octet too large', { a: [{ cidr: '10.0.0.256/8' }] }, 'value', '/a/0/cidr'],
    ['an IPv6 block with two gaps', { a: [{ cidr: '1::2::3/64' }] }, 'value', '/a/0/cidr'],
    ['one way only', { $or: [{ source: ['a'] }] }, 'shape', '/$or'],
    ['a way that is a text', { $or: [{ source: ['a'] }, 'b'] }, 'shape', '/$or/1'],
    ['more than a thousand ways', or('a', 'b', 'c', 'd'), 'too-complex', ''],
    ['more than 4,096 characters', { source: ['x'.repeat(4096)] }, 'too-complex', ''],
    [
      'more wildcards than one text may fit',
      { a: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ wildcard: `*:${name}:*` })) },
      'too-complex',
      '/a',
    ],
    ['one wildcard that repeats itself', { a: [{ wildcard: '*aaaaaaaaaaaaaaaaaaaa*' }] }, 'too-complex', '/a'],
  ])('for %s', (_what, pattern, code, pointer) => {
    const refused = refusal(pattern);
    expect(refused.code).toBe(`pattern.${code}`);
    expect(refused.errors.map((error) => error.pointer)).toEqual([pointer]);
    expect(refused.message).toContain(pointer === '' ? 'at the top' : `at ${pointer}`);
    expect(refused.extra).toEqual({ exception: 'InvalidEventPatternException' });
  });

  it('no more than needed: a thousand ways, and ten wildcards, are taken', () => {
    expect(() => compileEventPattern(or('a', 'b', 'c'))).not.toThrow();
    const endings = ['pdf', 'csv', 'xml', 'txt', 'zip'].map((ending) => ({ wildcard: `*.${ending}` }));
    expect(() => compileEventPattern({ a: endings })).not.toThrow();
  });

  it('not where $or is a name like others', () => {
    expect(compileEventPattern({ $or: { a: [1] } })({ $or: { a: 1 } })).toBe(true);
    expect(compileEventPattern({ $or: [{ prefix: 'a' }, { suffix: 'b' }] })({ $or: 'xb' })).toBe(true);
  });
});
