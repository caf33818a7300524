import { describe, expect, it } from 'vitest';
import { compileEventPattern } from '#shared/messaging/event-pattern.ts';

const event = {
  source: 'rotunda.billing',
  'detail-type': 'billing.payment.received.v1',
  detail: {
    metadata: { subjectId: 'acc_1', sequence: 3, replay: false },
    data: { tags: ['late', 'card'], gone: null },
  },
};

describe('an event pattern', () => {
  it.each([
    ['an exact source', { source: ['rotunda.billing'] }],
    ['one of several alternatives', { source: ['rotunda.customer', 'rotunda.billing'] }],
    ['a prefix of the type', { 'detail-type': [{ prefix: 'billing.' }] }],
    ['members of the detail, all of them', { detail: { metadata: { subjectId: ['acc_1'], sequence: [3] } } }],
    ['a truth value and a null', { detail: { metadata: { replay: [false] }, data: { gone: [null] } } }],
    ['one value of a list in the event', { detail: { data: { tags: ['card'] } } }],
    ['a prefix in a list of the event', { detail: { data: { tags: [{ prefix: 'la' }] } } }],
  ])('matches %s', (_what, pattern) => {
    expect(compileEventPattern(pattern)(event)).toBe(true);
  });

  it.each([
    ['another source', { source: ['rotunda.customer'] }],
    ['a part that is no prefix', { 'detail-type': [{ prefix: 'payment' }] }],
    ['one of two members only', { source: ['rotunda.billing'], detail: { metadata: { sequence: [4] } } }],
    ['a number written as text', { detail: { metadata: { sequence: ['3'] } } }],
    ['a member that is not there', { detail: { data: { amount: [1] } } }],
    ['a null where nothing is', { detail: { data: { amount: [null] } } }],
    ['a name every object inherits', { detail: { constructor: [{ prefix: '' }] } }],
    ['letters of another case', { source: ['Rotunda.Billing'] }],
  ])('does not match %s', (_what, pattern) => {
    expect(compileEventPattern(pattern)(event)).toBe(false);
  });

  it.each([
    ['an operator that is not supported', { source: [{ suffix: '.billing' }] }, 'pattern.operator', '/source/0'],
    ['anything-but', { detail: { a: [{ 'anything-but': ['x'] }] } }, 'pattern.operator', '/detail/a/0'],
    ['two operators in one', { source: [{ prefix: 'a', suffix: 'b' }] }, 'pattern.operator', '/source/0'],
    ['$or', { $or: [{ source: ['a'] }] }, 'pattern.operator', '/$or'],
    ['a plain value outside a list', { source: 'rotunda.billing' }, 'pattern.shape', '/source'],
    ['an empty list', { source: [] }, 'pattern.shape', '/source'],
    ['an empty pattern', {}, 'pattern.shape', ''],
    ['a list', [], 'pattern.shape', ''],
    ['a prefix that is no text', { source: [{ prefix: 1 }] }, 'pattern.shape', '/source/0'],
  ])('is refused where it has %s', (_what, pattern, code, pointer) => {
    expect(() => compileEventPattern(pattern)).toThrow(expect.objectContaining({ code }));
    try {
      compileEventPattern(pattern);
    } catch (error) {
      expect(error).toMatchObject({ errors: [{ pointer }] });
    }
  });
});
