import { ShowUsage } from '#functions/usage/show-usage.ts';
import { validationOperations } from '#functions/validation/api.ts';
import type { ExceptionState } from '#functions/validation/rules/exception-life.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { openMeteredHome } from '#tests/support/supplied-home.ts';

export const zone = 'Europe/London';
const sam = operationRequest({ kind: 'staff', id: 'sam', roles: ['supervisor'] });
let requests = 0;

/** What the home uses in a half-hour; no rule finds anything in it. */
export const usual = (index: number): number => 100 + ((index * 37) % 90);

/** A day as the meter sends it. */
export const dayOf = (date: string, valueAt: (index: number) => number | null = usual, revision = 0) => {
  const values = Array.from({ length: expectedIntervals(zone, date, 1800) }, (_, index) => valueAt(index));
  // What replaces a day is the head end's.
  return arrived(aBlock('m1', startOfDate(zone, date), values, { revision }), { headEnd: revision > 0 });
};

interface Asked {
  readonly state?: ExceptionState;
  readonly rule?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** A home with a meter that sent some days, and what people ask of them. */
export const judgedHome = async (...records: readonly ReturnType<typeof dayOf>[]) =>
  judgedHomeSince('2025-01-01T00:00:00.000Z', ...records);

/** The same, where the meter was installed at another instant. */
export const judgedHomeSince = async (since: string, ...records: readonly ReturnType<typeof dayOf>[]) => {
  const home = await openMeteredHome({ since });
  await home.ingest.take(records);
  await home.settleAll();
  const operations = validationOperations({ ...home, now: () => home.clock.now() });
  /** A request of its own: what it keeps is told apart by the id of its audit entry. */
  const asked = () => {
    requests += 1;
    const audit = { ...sam.audit, id: String(requests).padStart(26, '0') };
    return { ...sam, audit, subjectId: home.idOf('svp'), query: {} };
  };
  const list = async (query: Asked = {}) =>
    (await operations.listReadingExceptions({ ...asked(), query: { limit: 25, ...query }, body: undefined })).body;
  const day = async (date: string) =>
    new ShowUsage({ profile: home.profile, readings: home.readings }).answer({
      servicePoint: home.idOf('svp'),
      from: date,
      to: addDays(date, 1),
      resolution: 'interval',
      limit: 100,
    });
  const meterOf = async () => (await resolveNamed(home.profile, 'meter', { namespace: 'serial', value: 'm1' })) ?? '';
  return { home, operations, asked, list, day, meterOf };
};
