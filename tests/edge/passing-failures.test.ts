import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Throttled, TransactionConflict, Unanswered } from '#shared/table/table.ts';
import { ApiStand, tokenOf } from './api-stand.ts';
import { ids } from './api-world.ts';

let stand: ApiStand;
beforeEach(async () => {
  stand = await ApiStand.open();
});
afterEach(() => stand.close());

describe('a failure of the tables that passes', () => {
  it.each([
    new Throttled(),
    new TransactionConflict(),
    new Unanswered(Object.assign(new Error('socket hang up 10.0.0.7'), { code: 'ECONNRESET' })),
  ])('is told as busy, with when to come again and nothing of its cause (%s)', async (failure) => {
    stand.replace('readCustomer', () => Promise.reject(failure));
    const answered = await stand.ask({ url: `/v1/customers/${ids.own.customer}`, token: await tokenOf('agent') });
    expect([answered.status, answered.json.code]).toEqual([503, 'service.busy']);
    expect(answered.headers['retry-after']).toBe('1');
    expect(answered.text).not.toMatch(/socket|10\.0\.0\.7|\.ts\b/);
  });
});
