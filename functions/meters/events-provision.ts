import { X509Certificate } from 'node:crypto';
import * as z from 'zod';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import { type AllowProvisioningParts, allowProvisioning } from './allow-provisioning.ts';

/** What IoT Core sends before it provisions a device (pre-provisioning hook, payload 2020-04-01), as far as it is used. */
const HookEvent = z.object({
  certificateId: z.string().regex(/^[0-9a-f]{64}$/),
  certificatePem: z.string().max(16_384),
  parameters: z.object({ SerialNumber: z.string().min(1).max(40) }),
});

/** What IoT Core is answered; `ThingName` goes into the provisioning template. */
export interface HookAnswer {
  readonly allowProvisioning: boolean;
  readonly parameterOverrides?: { readonly ThingName: string };
}

export type ProvisioningHookParts = AllowProvisioningParts & { readonly logger: Logger; readonly metrics: Metrics };

const endOf = (certificatePem: string): string | undefined => {
  try {
    return new Date(new X509Certificate(certificatePem).validTo).toISOString();
  } catch {
    // Not a certificate: refused below, as a payload that is none.
    return undefined;
  }
};

/**
 * The pre-provisioning hook. Every refusal is counted with its reason. Where the store or the registry cannot be asked it throws;
 * IoT Core then refuses, and the device asks again.
 */
export const provisioningHook = (parts: ProvisioningHookParts): ((event: unknown) => Promise<HookAnswer>) => {
  const { logger, metrics } = parts;
  const refuse = (reason: string): HookAnswer => {
    metrics.count('provisioning.refused', { reason });
    logger.warn('provisioning.refused', { reason });
    return { allowProvisioning: false };
  };
  return async (event) => {
    const sent = HookEvent.safeParse(event);
    const notAfter = sent.success ? endOf(sent.data.certificatePem) : undefined;
    if (!sent.success || notAfter === undefined) return refuse('payload');
    const { certificateId: fingerprint, parameters } = sent.data;
    const answer = await allowProvisioning(parts, { serial: parameters.SerialNumber, fingerprint, notAfter });
    if (!answer.allowed) return refuse(answer.reason);
    metrics.count('provisioning.allowed');
    logger.info('provisioning.allowed', { meter: answer.meter });
    return { allowProvisioning: true, parameterOverrides: { ThingName: answer.meter } };
  };
};
