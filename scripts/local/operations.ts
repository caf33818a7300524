import { readFileSync } from 'node:fs';
import { accountOperations } from '#functions/accounts/api.ts';
import { auditOperations } from '#functions/audit/api.ts';
import { customerOperations } from '#functions/customers/api.ts';
import { describeCustomers } from '#functions/customers/describe-customers.ts';
import { factOperations } from '#functions/facts/api.ts';
import { meterOperations } from '#functions/meters/api.ts';
import { outageOperations } from '#functions/outages/api.ts';
import { premiseOperations } from '#functions/premises/api.ts';
import { searchCustomers } from '#functions/search/search-customers.ts';
import { usageOperations } from '#functions/usage/api.ts';
import { ShowUsage } from '#functions/usage/show-usage.ts';
import { routes } from '#shared/contracts/api/routes.ts';
import { viewUsage } from '#shared/domain/metering/usage-view.ts';
import type { Operation, Operations } from '#shared/edge/operation.ts';
import { platformOperations } from '#shared/edge/platform.ts';
import type { DeviceRegistry } from '#shared/messaging/ports.ts';
import { readMeter } from '#shared/store/meters.ts';
import { lastReadingAt } from '#shared/store/readings.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import type { SystemParts } from './system.ts';

const version = (): string => {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
};

/** What the composition root adds to the system's own parts. */
export interface OperationParts extends SystemParts {
  readonly devices: DeviceRegistry;
  readonly stage: string;
  readonly baseUrl: string;
}

const searchOperations = (parts: OperationParts) =>
  ({
    searchCustomers: async (request) => {
      const profile = parts.store.table('profile');
      const { actor } = request.call;
      const { q, limit, cursor } = request.query;
      const answer = await searchCustomers(
        {
          table: profile,
          country: parts.country,
          describe: (customers) => describeCustomers(profile, parts.today(), customers),
        },
        {
          q,
          limit,
          after: cursor,
          view: request.view,
          ...(actor.kind === 'customer' ? { only: new Set([actor.customerId]) } : {}),
        },
      );
      return {
        body: {
          data: answer.data.map(({ address, accounts, matchedOn, ...hit }) => ({
            ...hit,
            accounts: [...accounts],
            matchedOn: matchedOn.map((reason) => ({ ...reason })),
            ...(address === undefined ? {} : { address }),
          })),
          next: answer.next,
          masked: [],
        },
        subjects: answer.data.map((hit) => hit.id),
      };
    },
  }) satisfies Partial<Operations>;

/** Every operation of the API, bound to this system's parts: a route without one here does not compile. */
export const localOperations = (parts: OperationParts): Readonly<Record<string, Operation>> => {
  const profile = parts.store.table('profile');
  const readings = parts.store.table('readings');
  const audit = parts.store.table('audit');
  const { sealer, submit, clock, today } = parts;
  const now = () => clock.now();
  const document = {
    version: version(),
    serverUrl: parts.baseUrl,
    tokenUrl: `${parts.baseUrl}/oidc/token`,
    authorizationUrl: `${parts.baseUrl}/oidc/auth`,
  };
  const operations: Operations = {
    ...platformOperations(routes, document),
    ...searchOperations(parts),
    ...factOperations({ profile, sealer, submit }),
    ...customerOperations({ profile, sealer, submit, now, today, readUsage: viewUsage }),
    ...accountOperations({ profile, submit, now, today }),
    ...outageOperations({ profile, submit, now }),
    ...premiseOperations({
      profile,
      lastReadingOf: async (meter) => {
        const item = await readMeter(profile, meter);
        const ends = await Promise.all(
          (item?.registers ?? []).map((register) => lastReadingAt(readings, meter, register.id)),
        );
        const last = Math.max(0, ...ends.map((end) => end ?? 0));
        return last === 0 ? null : instantOf(last);
      },
    }),
    ...usageOperations({ showUsage: new ShowUsage({ profile, readings }) }),
    ...meterOperations({ profile, readings, devices: parts.devices, stage: parts.stage, clock }),
    ...auditOperations({ audit }),
  };
  return operations;
};
