import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DeviceCertificate,
  exchangeOnly,
  mayBecomeActive,
  nextRetirement,
  planCertificates,
  planExchange,
  provisioningRefusal,
} from '#shared/profile/rules/device-certificates.ts';

const epoch = Date.parse('2026-01-01T00:00:00Z');
const day = (number: number): string => new Date(epoch + number * 86_400_000).toISOString();

/** Certificates of a meter, oldest first, some of them active, and a day to look at them. */
const meters = fc
  .array(fc.record({ issued: fc.integer({ min: 0, max: 300 }), days: fc.integer({ min: 1, max: 800 }) }), {
    maxLength: 6,
  })
  .chain((drawn) => {
    const sorted = drawn.toSorted((a, b) => a.issued - b.issued);
    const certificates: readonly DeviceCertificate[] = sorted.map(({ issued, days }, index) => ({
      fingerprint: `f${index}`,
      issuedAt: day(issued),
      notAfter: day(issued + days),
    }));
    return fc.record({
      certificates: fc.constant(certificates),
      active: fc.subarray(certificates.map(({ fingerprint }) => fingerprint)).map((names) => new Set(names)),
      now: fc.integer({ min: 301, max: 1200 }).map(day),
    });
  });

describe('certificates of a meter', () => {
  it('never lose the newest that works, and retire only what works', () => {
    fc.assert(
      fc.property(meters, ({ certificates, active, now }) => {
        const { retire, keep } = planCertificates(certificates, active, now);
        const newest = certificates.findLast((one) => active.has(one.fingerprint)) ?? certificates.at(-1);
        expect(keep.at(-1)).toEqual(newest);
        expect(retire.every(({ certificate }) => active.has(certificate.fingerprint))).toBe(true);
        expect(retire.map(({ certificate }) => certificate).filter((one) => keep.includes(one))).toEqual([]);
      }),
    );
  });

  it('need nothing more on the same day once their plan was carried out', () => {
    fc.assert(
      fc.property(meters, ({ certificates, active, now }) => {
        const { retire, keep } = planCertificates(certificates, active, now);
        const left = new Set(
          [...active].filter((name) => !retire.some(({ certificate }) => certificate.fingerprint === name)),
        );
        expect(planCertificates(keep, left, now)).toEqual({ retire: [], keep });
        const next = nextRetirement(keep);
        expect(next === undefined || next > now).toBe(true);
      }),
    );
  });

  it('have one more in force for each announcement and never another', () => {
    const announcement = fc.option(fc.integer({ min: 0, max: 1200 }).map(day), { nil: undefined });
    fc.assert(
      fc.property(meters, announcement, announcement, ({ certificates, active, now }, announcedAt, revokedAt) => {
        const ground = { announcedAt, revokedAt, certificates, active, installed: false };
        const refusal = provisioningRefusal(ground, 'new', now);
        const newest = certificates.findLast((one) => active.has(one.fingerprint));
        const shut = revokedAt !== undefined && (announcedAt === undefined || announcedAt <= revokedAt);
        const open = newest === undefined || (announcedAt !== undefined && announcedAt > newest.issuedAt);
        expect(refusal === undefined).toBe(!shut && open);
        const issued = { fingerprint: 'new', issuedAt: now, notAfter: day(2000) };
        const after = { ...ground, certificates: [...certificates, issued], active: new Set([...active, 'new']) };
        if (announcedAt === undefined || announcedAt <= now)
          expect(provisioningRefusal(after, 'newer', now)).not.toBeUndefined();
        // Where a meter measures already, nobody becomes it who was not announced.
        if (announcedAt === undefined)
          expect(provisioningRefusal({ ...ground, installed: true }, 'new', now)).not.toBeUndefined();
      }),
    );
  });

  it('are two at most once a key was exchanged: the one the meter has, and the new one', () => {
    fc.assert(
      fc.property(meters, fc.integer({ min: 1, max: 5 }), ({ certificates, active, now }, times) => {
        let standing = { certificates, active: new Set(active) };
        for (let time = 0; time < times; time += 1) {
          const { keep, end } = planExchange(standing.certificates, standing.active, now);
          expect(keep.length).toBeLessThanOrEqual(1);
          expect([...keep, ...end].map(({ fingerprint }) => fingerprint).sort()).toEqual(
            standing.certificates.map(({ fingerprint }) => fingerprint).sort(),
          );
          const [held] = standing.certificates;
          // The meter keeps the key it has, unless that one is over.
          if (time > 0 && keep[0] !== undefined && held !== undefined && held.notAfter > now)
            expect(keep[0]).toEqual(held);
          const issued = { fingerprint: `new ${time}`, issuedAt: now, notAfter: day(2000) };
          standing = {
            certificates: [...keep, issued],
            active: new Set([...keep.map(({ fingerprint }) => fingerprint), issued.fingerprint]),
          };
        }
        expect(standing.active.size).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('are given by an exchange alone to a meter that has one, measures or was cut off', () => {
    fc.assert(
      fc.property(meters, fc.boolean(), fc.boolean(), ({ certificates, active, now }, installed, isRevoked) => {
        const revokedAt = isRevoked ? now : undefined;
        const because = exchangeOnly({ certificates, active, installed, revokedAt }, now);
        const isNew = certificates.every((one) => !active.has(one.fingerprint) && !mayBecomeActive(one, now));
        expect(because === undefined).toBe(isNew && !installed && !isRevoked);
      }),
    );
  });
});
