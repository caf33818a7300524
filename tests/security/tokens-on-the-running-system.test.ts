import { createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Digests, RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, type SmallWorld } from '#tests/support/small-world.ts';
import { forgedTokens, type SignInUnderAttack } from './forged-tokens.ts';

/** Every forged token over the wire to the running system, whose own key the attacker even holds. */

const Kept = z.looseObject({ signing: z.looseObject({ kid: z.string(), kty: z.string() }) });

const folder = mkdtempSync(join(tmpdir(), 'rotunda-tokens-'));
let system: RunningSystem;
let world: SmallWorld;
let under: SignInUnderAttack;
let before: Digests;
let known = new Map<string, () => string | Promise<string>>();

beforeAll(async () => {
  system = await RunningSystem.start({ folder });
  world = await buildSmallWorld(system);
  const { signing } = Kept.parse(JSON.parse(readFileSync(join(folder, 'sign-in-keys.json'), 'utf8')));
  const { issuer } = system.served.signIn;
  under = {
    issuer,
    keyId: signing.kid,
    privateKey: createPrivateKey({ key: { ...signing }, format: 'jwk' }),
    goodClaims: () => {
      const now = Math.floor(Date.now() / 1000);
      return {
        iss: issuer,
        aud: 'urn:rotunda:api',
        sub: 'agent',
        client_id: 'rotunda',
        token_use: 'access',
        scope: 'rotunda/api',
        roles: ['agent'],
        jti: randomUUID(),
        auth_time: now,
        iat: now,
        exp: now + 600,
      };
    },
    customers: [world.amara.customer, world.carl.customer],
    customerClient: 'customer-portal',
  };
  known = new Map(forgedTokens(under));
  before = await system.digests();
});
afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The titles alone: the tokens are forged once the system and its key are there. */
const titles = forgedTokens({
  issuer: '',
  keyId: '',
  privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  goodClaims: () => ({}),
  customers: ['', ''],
  customerClient: '',
}).map(([title]) => title);

const unchanged = async (): Promise<void> => {
  await system.settle();
  expect(await system.digests()).toEqual(before);
};

it('a token signed by the same key with nothing wrong is taken, so that each is refused for its fault alone', async () => {
  const token = await new SignJWT(under.goodClaims())
    .setProtectedHeader({ alg: 'RS256', kid: under.keyId })
    .sign(under.privateKey);
  const answer = await system.ask({ path: `/v1/customers/${world.amara.customer}`, token });
  expect(answer.status).toBe(200);
  expect(titles.length).toBeGreaterThanOrEqual(25);
});

describe('a token with', () => {
  it.each(titles)(
    '%s opens neither a read nor a payment, is recorded with the customer, and changes nothing',
    async (title) => {
      const make = known.get(title);
      if (make === undefined) throw new Error(`no token with ${title}`);
      const token = await make();
      const { customer, account } = world.amara;
      const requests = [
        { path: `/v1/customers/${customer}/360`, subject: customer },
        {
          method: 'POST',
          path: `/v1/accounts/${account}/payments`,
          subject: account,
          headers: { 'idempotency-key': title },
          json: { amount: { amountMinor: 1, currency: 'GBP' }, method: 'card' },
        },
      ];
      for (const { subject, ...request } of requests) {
        const refused = system.refused;
        const answer = await system.ask({ ...request, token });
        // What does not fit into the headers a gateway takes never reaches the chain.
        const tooLarge = token.length > 16_384;
        expect([answer.status, answer.json.code]).toEqual(
          tooLarge ? [431, 'headers.too-large'] : [401, 'token.invalid'],
        );
        expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
        expect(answer.text).not.toMatch(/node_modules|\.ts:\d|at .*\.js/);
        if (tooLarge) continue;
        expect(answer.headers.get('www-authenticate')).toContain('Bearer');
        expect(system.refused).toBe(refused + 1);
        // Nobody knows who it was: they are counted, and write into nobody's log.
        const entries = await system.entriesAt(subject);
        expect(entries.filter(({ actorKind }) => actorKind === 'anonymous')).toEqual([]);
        expect(entries.filter(({ requestId }) => requestId === answer.requestId)).toEqual([]);
      }
      await unchanged();
    },
  );
});

it('none of them made the system fail inside', () => {
  expect(system.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
