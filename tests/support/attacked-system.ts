import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyAndCertificate } from '#shared/messaging/certificates.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { tellHistory } from './long-history.ts';
import type { BrokerUnderTest } from './meters/device-broker.ts';
import { type Digests, RunningSystem } from './running-system.ts';

/** The running system with a home that was metered for ten days, and its device authority in the hands of an attacker. */
export interface AttackedSystem extends Pick<BrokerUnderTest, 'broker' | 'registry' | 'metrics'> {
  readonly authority: KeyAndCertificate;
  /** What profile and readings hold once everything has come to rest. */
  digests(): Promise<Digests>;
  close(): Promise<void>;
}

export const startAttackedSystem = async (): Promise<AttackedSystem> => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-attacked-'));
  const system = await RunningSystem.start({ folder });
  const until = new Date().toISOString().slice(0, 10);
  await tellHistory(system, { homes: 1, from: addDays(until, -70), until, metered: addDays(until, -10) });
  const { broker, registry } = system.served;
  return {
    broker,
    registry,
    metrics: system.metrics,
    authority: {
      keyPem: await readFile(join(folder, 'devices', 'device-authority.key.pem'), 'utf8'),
      certificatePem: registry.authorityPem,
    },
    digests: async () => {
      await system.settle();
      return system.digests();
    },
    close: async () => {
      await system.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
