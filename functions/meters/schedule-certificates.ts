import { type RetireCertificatesParts, retireCertificates } from './retire-certificates.ts';

/** A function may run for 15 minutes; the rest is left for the meter under way and its retries. */
const milliseconds = 10 * 60_000;

/** The daily run over certificates; fails where meters could not be done, so that it is tried again and an alarm tells. */
export const certificatesSchedule = (parts: RetireCertificatesParts): (() => Promise<void>) => {
  return async () => {
    const { meters, retired, failed, unfinished } = await retireCertificates(parts, milliseconds);
    parts.logger.info('certificates.retired', { meters, retired, failed, unfinished });
    if (failed > 0) throw new Error(`certificates of ${failed} of ${meters} meters could not be retired`);
  };
};
