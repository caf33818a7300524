import { accountOperations } from '#functions/accounts/api.ts';
import { auditOperations } from '#functions/audit/api.ts';
import { customerOperations } from '#functions/customers/api.ts';
import { changeRequestOperations } from '#functions/customers/api-change-requests.ts';
import { describeCustomers } from '#functions/customers/describe-customers.ts';
import { profileAsOf } from '#functions/customers/profile-as-of.ts';
import { show360 } from '#functions/customers/show-360.ts';
import { duplicateOperations } from '#functions/duplicates/api.ts';
import { explainOperations } from '#functions/explain/api.ts';
import { disputeOperations } from '#functions/explain/api-disputes.ts';
import { factOperations } from '#functions/facts/api.ts';
import { identityOperations } from '#functions/identity/api.ts';
import { importOperations } from '#functions/imports/api.ts';
import { insightOperations } from '#functions/insight/api.ts';
import { decisionOperations } from '#functions/insight/api-decisions.ts';
import { meterOperations } from '#functions/meters/api.ts';
import { outageOperations } from '#functions/outages/api.ts';
import { premiseOperations } from '#functions/premises/api.ts';
import { privacyOperations } from '#functions/privacy/api.ts';
import { viewUsage } from '#functions/readings/rules/usage-view.ts';
import { tariffOperations } from '#functions/reference/api-tariffs.ts';
import { temperatureOperations } from '#functions/reference/api-temperatures.ts';
import { routes } from '#functions/routes.ts';
import { searchOperations } from '#functions/search/api.ts';
import { searchHash } from '#functions/search/store/search-hash.ts';
import { usageOperations } from '#functions/usage/api.ts';
import { DownloadUsage } from '#functions/usage/download-usage.ts';
import { ShowUsage } from '#functions/usage/show-usage.ts';
import { validationOperations } from '#functions/validation/api.ts';
import type { Operation, Operations } from '#shared/edge/operation.ts';
import { platformOperations } from '#shared/edge/platform.ts';
import type { DeviceRegistry, Objects, Uploads } from '#shared/messaging/ports.ts';
import { codeVersion } from '#shared/runtime/version.ts';
import type { Table, TableName } from '#shared/table/table.ts';
import type { SystemParts } from './system.ts';

/** What the operations need of the system, whatever body its tables have, and what the composition root adds. */
export interface OperationParts
  extends Pick<
    SystemParts,
    'sealer' | 'committer' | 'submit' | 'clock' | 'today' | 'country' | 'payments' | 'erasures' | 'metrics'
  > {
  readonly store: { table(name: TableName): Table; readonly failure: string | undefined };
  readonly devices: DeviceRegistry;
  readonly objects: Objects;
  readonly uploads: Uploads;
  /** Hears of imports that have work to do. */
  readonly wakeImport: (id: string) => Promise<void>;
  readonly stage: string;
  readonly baseUrl: string;
}

/** Every operation of the API, bound to this system's parts: a route without one here does not compile. */
export const localOperations = (parts: OperationParts): Readonly<Record<string, Operation>> => {
  const profile = parts.store.table('profile');
  const readings = parts.store.table('readings');
  const audit = parts.store.table('audit');
  const { sealer, committer, submit, clock, today } = parts;
  const now = () => clock.now();
  const document = {
    version: codeVersion,
    serverUrl: parts.baseUrl,
    signIns: [
      {
        name: 'signIn',
        who: 'Staff and customers',
        tokenUrl: `${parts.baseUrl}/oidc/token`,
        authorizationUrl: `${parts.baseUrl}/oidc/auth`,
      },
    ],
  };
  const operations: Operations = {
    ...platformOperations(routes, document, () => parts.store.failure !== undefined),
    ...searchOperations({
      table: profile,
      hash: searchHash(sealer),
      country: parts.country,
      describe: (customers) => describeCustomers(profile, today(), customers),
    }),
    ...factOperations({ profile, sealer, submit }),
    ...changeRequestOperations({ profile, sealer, submit, now }),
    ...customerOperations({ profile, sealer, submit, now, today, readUsage: viewUsage }),
    ...explainOperations({
      profile,
      sealer,
      submit,
      now,
      today,
      show: (customer) => show360({ profile, now, today, readUsage: viewUsage }, customer),
      showAsOf: (...asked) => profileAsOf({ profile, sealer, today }, ...asked),
    }),
    ...disputeOperations({ profile, submit, now }),
    ...identityOperations({ profile, sealer, committer, submit, now, today }),
    ...privacyOperations({ profile, sealer, submit, now, today, erasures: parts.erasures }),
    ...duplicateOperations({ profile, submit, committer, now, today }),
    ...accountOperations({ profile, sealer, submit, now, today, payments: parts.payments }),
    ...outageOperations({ profile, submit, now }),
    ...premiseOperations({ profile, readings, now }),
    ...usageOperations({
      showUsage: new ShowUsage({ profile, readings }),
      downloadUsage: new DownloadUsage({ profile, readings, now }),
    }),
    ...validationOperations({ profile, readings, submit, now }),
    ...insightOperations({ profile, readings }),
    ...decisionOperations({ profile, readings, submit, now }),
    ...meterOperations({
      profile,
      readings,
      devices: parts.devices,
      stage: parts.stage,
      clock,
      metrics: parts.metrics,
    }),
    ...importOperations({ profile, clock, objects: parts.objects, uploads: parts.uploads, wake: parts.wakeImport }),
    ...temperatureOperations({ readings }),
    ...tariffOperations({ profile, now }),
    ...auditOperations({ audit, profile }),
  };
  return operations;
};
