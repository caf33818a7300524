/** A certificate that was issued to a meter; instants are RFC 3339, UTC, milliseconds. */
export interface DeviceCertificate {
  readonly fingerprint: string;
  readonly issuedAt: string;
  readonly notAfter: string;
}

/**
 * Days an older certificate stays good after its successor was issued: a meter that is out of reach, or waits for a visit, changes
 * over within a month; after that the older key is only a key that can be stolen.
 */
export const supersededDays = 30;

/** A certificate that is not active this long after it was issued will not be: its provisioning broke off. */
export const activationMinutes = 10;

const later = (instant: string, milliseconds: number): string =>
  new Date(Date.parse(instant) + milliseconds).toISOString();

/** Why a certificate has to go. */
export type Retirement = { readonly reason: 'superseded' | 'expired'; readonly at: string };

/** When and why a certificate of a meter has to go; oldest first, and the newest never goes. */
const retirementOf = (certificates: readonly DeviceCertificate[], index: number): Retirement | undefined => {
  const [certificate, successor] = [certificates[index], certificates[index + 1]];
  if (certificate === undefined || successor === undefined) return undefined;
  const superseded = later(successor.issuedAt, supersededDays * 86_400_000);
  return certificate.notAfter < superseded
    ? { reason: 'expired', at: certificate.notAfter }
    : { reason: 'superseded', at: superseded };
};

/** When the next certificate of a meter has to go; undefined where all may stay. Oldest first. */
export const nextRetirement = (certificates: readonly DeviceCertificate[]): string | undefined =>
  certificates
    .map((_, index) => retirementOf(certificates, index)?.at)
    .filter((at) => at !== undefined)
    .sort()[0];

/** What is to be done with the certificates of a meter, given which of them are active. */
export interface CertificatePlan {
  /** To be deactivated. */
  readonly retire: readonly { readonly certificate: DeviceCertificate; readonly reason: Retirement['reason'] }[];
  /** Those that stand after that, oldest first. */
  readonly keep: readonly DeviceCertificate[];
}

/** Whether a certificate may still become active. */
export const mayBecomeActive = (certificate: DeviceCertificate, now: string): boolean =>
  later(certificate.issuedAt, activationMinutes * 60_000) > now;

/**
 * Retires what was superseded or has expired by `now`. One that never became active supersedes nothing and is forgotten, so the
 * newest that works is kept; where none works, the newest of all is kept as the last that is known.
 */
export const planCertificates = (
  certificates: readonly DeviceCertificate[],
  active: ReadonlySet<string>,
  now: string,
): CertificatePlan => {
  const alive = certificates.filter((one) => active.has(one.fingerprint) || mayBecomeActive(one, now));
  const standing = alive.length === 0 ? certificates.slice(-1) : alive;
  const judged = standing.map((certificate, index) => ({ certificate, due: retirementOf(standing, index) }));
  return {
    retire: judged.flatMap(({ certificate, due }) =>
      due !== undefined && due.at <= now ? [{ certificate, reason: due.reason }] : [],
    ),
    keep: judged.filter(({ due }) => due === undefined || due.at > now).map(({ certificate }) => certificate),
  };
};

/** What is known of a meter when a device asks for a certificate by the claim certificate all devices share. */
export interface ProvisioningGround {
  /** When staff or a program last announced that the meter may be provisioned. */
  readonly announcedAt: string | undefined;
  readonly revokedAt: string | undefined;
  /** Oldest first. */
  readonly certificates: readonly DeviceCertificate[];
  readonly active: ReadonlySet<string>;
  /** Whether it measures somewhere, or did. */
  readonly installed: boolean;
}

export type ProvisioningRefusal = 'revoked' | 'under-way' | 'provisioned' | 'not-announced';

/**
 * Whether a device with a claim certificate may have a certificate for the meter; undefined where it may. Whoever holds a claim
 * can say any serial number, so each announcement is good for one certificate: the first one, or, announced again, a successor.
 * The same certificate asked for twice is one.
 */
export const provisioningRefusal = (
  ground: ProvisioningGround,
  fingerprint: string,
  now: string,
): ProvisioningRefusal | undefined => {
  const { announcedAt, revokedAt, certificates, active, installed } = ground;
  if (revokedAt !== undefined && (announcedAt === undefined || announcedAt <= revokedAt)) return 'revoked';
  if (certificates.some((one) => one.fingerprint === fingerprint)) return undefined;
  const newest = certificates.findLast((one) => active.has(one.fingerprint) || mayBecomeActive(one, now));
  // A meter that only its head end made known has days that somebody else told: nobody becomes it unasked.
  if (newest === undefined) return installed && announcedAt === undefined ? 'not-announced' : undefined;
  if (!active.has(newest.fingerprint)) return 'under-way';
  return announcedAt !== undefined && announcedAt > newest.issuedAt ? undefined : 'provisioned';
};

/** Why a meter gets a key by an exchange alone: it has days of its own, it has a key, or it was cut off. */
export type ExchangeOnly = 'installed' | 'certified' | 'revoked';

/**
 * Whether a key of a meter would be a further one, or one to days that somebody told already, so that registering it is not enough;
 * undefined where it is new. Who registers meters could else become any of them.
 */
export const exchangeOnly = (
  { installed, revokedAt, certificates, active }: Omit<ProvisioningGround, 'announcedAt'>,
  now: string,
): ExchangeOnly | undefined => {
  if (installed) return 'installed';
  if (revokedAt !== undefined) return 'revoked';
  return certificates.some((one) => active.has(one.fingerprint) || mayBecomeActive(one, now)) ? 'certified' : undefined;
};

/** The certificates of a meter whose key is exchanged: what stands beside the new one, and what ends for it. */
export interface ExchangePlan {
  readonly keep: readonly DeviceCertificate[];
  readonly end: readonly DeviceCertificate[];
}

/**
 * The meter goes on with the key it has until it has the new one: beside that stands one certificate at most. Where an exchange is
 * under way already, the key of that one ends: it did not reach the meter, or is to be replaced itself.
 */
export const planExchange = (
  certificates: readonly DeviceCertificate[],
  active: ReadonlySet<string>,
  now: string,
): ExchangePlan => {
  const standing = planCertificates(certificates, active, now).keep.filter((one) => active.has(one.fingerprint));
  const keep = standing.slice(0, 1);
  return { keep, end: certificates.filter((one) => !keep.includes(one)) };
};
