import { generateKeyPairSync } from 'node:crypto';
import { exportJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerifier } from '#shared/edge/actor.ts';
import {
  ApiStand,
  clients,
  goodClaims,
  issuer,
  jwksUri,
  keyId,
  publishedKeys,
  sign,
  signingKey,
  tokenOf,
} from '#tests/edge/api-stand.ts';
import { ids } from '#tests/edge/api-world.ts';
import { forgedTokens } from './forged-tokens.ts';

const attacks = forgedTokens({
  issuer,
  keyId,
  privateKey: signingKey.privateKey,
  goodClaims,
  customers: [ids.own.customer, ids.other.customer],
  customerClient: 'portal',
});

let stand: ApiStand;
beforeAll(async () => {
  stand = await ApiStand.open();
});
afterAll(() => stand.close());

const digest = async (): Promise<string> => {
  const items: unknown[] = [];
  for await (const item of stand.store.scan('profile')) items.push(item);
  return JSON.stringify(items);
};

it('takes a good token, so that what follows is refused for its fault alone', async () => {
  const answered = await stand.ask({ url: `/v1/customers/${ids.own.customer}`, token: await sign(goodClaims()) });
  expect(answered.status).toBe(200);
  expect(attacks.length).toBeGreaterThanOrEqual(25);
});

describe('a token with', () => {
  it.each(attacks)('%s is refused, counted and changes nothing', async (_title, make) => {
    const token = await make();
    const before = await digest();
    const entries = (await stand.entries()).length;
    const asked = stand.asked.length;
    const refused = stand.metrics.of('request.refused:token.invalid:readCustomer');
    const answered = await stand.ask({ url: `/v1/customers/${ids.own.customer}`, token });
    expect([answered.status, answered.json.code]).toEqual([401, 'token.invalid']);
    expect(answered.headers['www-authenticate']).toContain('Bearer');
    expect(answered.text).not.toMatch(/stack|at .*\.(ts|js)/);
    expect(stand.metrics.of('request.refused:token.invalid:readCustomer')).toBe(refused + 1);
    // Nobody knows who sent it: it stands in nobody's log.
    expect(await stand.entries()).toHaveLength(entries);
    expect(stand.asked).toHaveLength(asked);
    expect(await digest()).toBe(before);
  });

  it.each([
    ['no scheme', async () => tokenOf('agent')],
    ['another scheme', async () => `Basic ${await tokenOf('agent')}`],
    ['two tokens', async () => `Bearer ${await tokenOf('agent')}, Bearer ${await tokenOf('agent')}`],
    ['a space too many', async () => `Bearer  ${await tokenOf('agent')}`],
    ['nothing behind the scheme', async () => 'Bearer '],
  ])('%s in its header is refused', async (_title, header) => {
    const answered = await stand.ask({
      url: `/v1/customers/${ids.own.customer}`,
      headers: ['authorization', await header()],
    });
    expect(answered.status).toBe(401);
  });

  it('a second header is refused, whichever of the two is good', async () => {
    const good = `Bearer ${await tokenOf('agent')}`;
    for (const headers of [
      ['authorization', good, 'Authorization', 'Bearer x.y.z'],
      ['authorization', 'Bearer x.y.z', 'Authorization', good],
    ]) {
      const answered = await stand.ask({ url: `/v1/customers/${ids.own.customer}`, headers });
      expect([answered.status, answered.json.code]).toEqual([400, 'header.repeated']);
    }
  });
});

describe('keys', () => {
  const counting = (fetchKeys: () => Promise<unknown>) => {
    let fetches = 0;
    const clock = { time: Date.now(), now: () => clock.time };
    const verifier = createVerifier({
      issuers: [{ issuer, jwksUri }],
      clients,
      audiences: [],
      clock,
      fetchKeys: async () => {
        fetches += 1;
        return fetchKeys();
      },
    });
    return { verifier, clock, fetches: () => fetches };
  };

  it('are fetched once for many tokens with a key nobody knows', async () => {
    const { verifier, fetches } = counting(publishedKeys);
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const token = await sign(goodClaims(), { kid: `unknown-${attempt % 5}` });
      await expect(verifier.verify(`Bearer ${token}`)).rejects.toMatchObject({ kind: 'unauthenticated' });
    }
    expect(fetches()).toBe(1);
    await expect(verifier.verify(`Bearer ${await sign(goodClaims())}`)).resolves.toMatchObject({ kind: 'staff' });
  });

  it('are fetched anew when they were changed, and a token of the new key is taken', async () => {
    const next = generateKeyPairSync('rsa', { modulusLength: 2048 });
    let published = await publishedKeys();
    const { verifier, clock, fetches } = counting(async () => published);
    await verifier.verify(`Bearer ${await sign(goodClaims())}`);
    published = { keys: [{ ...(await exportJWK(next.publicKey)), kid: 'key-9', alg: 'RS256', use: 'sig' }] };
    clock.time += 11_000;
    const token = await sign(goodClaims(), { kid: 'key-9' }, next.privateKey);
    await expect(verifier.verify(`Bearer ${token}`)).resolves.toMatchObject({ kind: 'staff' });
    await expect(verifier.verify(`Bearer ${await sign(goodClaims())}`)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    expect(fetches()).toBeLessThanOrEqual(3);
  });

  it.each([
    ['an encryption key', { use: 'enc' }],
    ['a key of another algorithm', { alg: 'RS512' }],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }],
  ])('of another kind are not used: %s', async (_title, change) => {
    const [key] = ((await publishedKeys()) as { keys: object[] }).keys;
    const { verifier } = counting(async () => ({ keys: [{ ...key, ...change }] }));
    await expect(verifier.verify(`Bearer ${await sign(goodClaims())}`)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it("that cannot be had are our trouble, not the caller's", async () => {
    const { verifier } = counting(() => Promise.reject(new Error('unreachable')));
    await expect(verifier.verify(`Bearer ${await sign(goodClaims())}`)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
