import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import * as z from 'zod';
import { packedOf } from '#functions/readings/store/readings.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { silenceSchedule } from '#functions/validation/schedule.ts';
import { connectDevice } from '#iot/connection.ts';
import { unhurriedInvocation } from '#local/invocation.ts';
import { localStage } from '#local/system.ts';
import { OutboundEvent } from '#shared/contracts/local/bus.ts';
import { findDuplicates, quarantine, trainMatch, verifyAudit } from '#shared/contracts/local/ops.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { readingsPartition } from '#shared/table/keys.ts';
import type { Operator, StoryGround } from '#tests/journeys/story/ground.ts';
import { RunningSystem } from './running-system.ts';

const Kept = z.looseObject({ signing: z.looseObject({ kid: z.string(), kty: z.string() }) });

/** A token of an agent that began an hour before it ends. */
const agentToken = (issuer: string, kid: string, key: KeyObject, endsAt: number): Promise<string> =>
  new SignJWT({
    client_id: 'rotunda',
    token_use: 'access',
    scope: 'rotunda/api',
    roles: ['agent'],
    auth_time: endsAt - 3600,
  })
    .setProtectedHeader({ alg: 'RS256', kid })
    .setIssuer(issuer)
    .setAudience('urn:rotunda:api')
    .setSubject('agent')
    .setIssuedAt(endsAt - 3600)
    .setExpirationTime(endsAt)
    .sign(key);

const operatorOf = (system: RunningSystem): Operator => {
  const as = { role: 'operator' };
  const headers = { 'rotunda-reason': 'The story of a utility.' };
  return {
    quarantined: async () => {
      const answer = quarantine.answer.parse((await system.must({ path: quarantine.path, as })).json);
      return new Map(answer.reasons.map(({ reason, count }) => [reason, count]));
    },
    verifyAudit: async () => {
      const { json } = await system.must({ method: 'POST', path: verifyAudit.path, as, json: {} });
      return verifyAudit.answer.parse(json);
    },
    findDuplicates: async () => {
      const { json } = await system.must({ method: 'POST', path: findDuplicates.path, as, headers, json: {} });
      return findDuplicates.answer.parse(json);
    },
    trainMatch: async () => {
      const { json } = await system.must({ method: 'POST', path: trainMatch.path, as, headers, json: {} });
      return trainMatch.answer.parse(json);
    },
  };
};

/** The system of this machine as ground of the story, and the way to take it down. */
export const openLocalGround = async (): Promise<StoryGround & { close(): Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-story-'));
  const system = await RunningSystem.start({ folder, staleReads: false });
  const { served } = system;
  const { issuer } = served.signIn;
  const { signing } = Kept.parse(JSON.parse(await readFile(join(folder, 'sign-in-keys.json'), 'utf8')));
  const own = createPrivateKey({ key: { ...signing }, format: 'jwk' });
  const strange = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const heard: OutboundEvent[] = [];
  const unsubscribe = served.system.outbound.subscribe({ source: [{ prefix: 'rotunda.' }] }, (event) => {
    heard.push(OutboundEvent.parse(event));
  });
  const now = (): number => Math.floor(Date.now() / 1000);
  const { metrics, logger } = system;
  const [profile, readings] = [served.system.store.table('profile'), served.system.store.table('readings')];
  const judge = new JudgeRegister({ profile, readings, metrics });
  const lookOn = silenceSchedule({
    ...{ profile, readings, judge, clock: systemClock, logger, metrics },
    goOnWithRound: (round) => lookOn({ round }, unhurriedInvocation),
  });
  return {
    stage: localStage,
    api: system,
    patienceMs: 10_000,
    operator: operatorOf(system),
    send: async (events) => {
      await system.must({ method: 'POST', path: '/_local/bus', as: { role: 'operator' }, json: { events } });
    },
    published: async () => heard,
    connect: (meter, keyPem) => connectDevice({ ...meter, keyPem, connectAttempts: 1 }),
    revoke: (meter) => served.registry.revoke(meter.thing, meter.fingerprint),
    lookAtSilentMeters: () => lookOn(undefined, unhurriedInvocation),
    readings: async (meter, register) => {
      const items = await readAll(readings, { pk: readingsPartition(meter, register), consistent: true });
      return new Map(items.map((item) => [item.sk, Buffer.from(packedOf(item)).toString('hex')]));
    },
    expiredToken: () => agentToken(issuer, signing.kid, own, now() - 600),
    forgedToken: () => agentToken(issuer, signing.kid, strange, now() + 3000),
    close: async () => {
      unsubscribe();
      await system.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
