import { type AuditReport, verifyAudit } from '#functions/audit/verify.ts';
import { lambdaEnvironmentOf } from '#shared/messaging/aws/lambda-functions.ts';
import { createS3Objects } from '#shared/messaging/aws/s3-objects.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { scanItems } from '#shared/table/scan.ts';
import { operationsOf } from './ask-operator.ts';
import { atStage } from './aws-failure.ts';

/**
 * Verifies the audit trail of a stage here, on what stands in its table and its bucket of checkpoints: whoever checks the trail
 * need not trust the functions that write it, and it may take as long as it takes. Only the addresses are asked of the stage.
 */
export const verifyAuditTrail = (stage: string): Promise<AuditReport> =>
  atStage(stage, async () => {
    const environment = await lambdaEnvironmentOf(operationsOf(stage, 'operations'));
    const names = ['profileTable', 'readingsTable', 'auditTable', 'keysTable', 'checkpointsBucket'] as const;
    const settings = readSettings(names, environment);
    const tables = openDynamoTables({
      names: {
        profile: settings.profileTable,
        readings: settings.readingsTable,
        audit: settings.auditTable,
        keys: settings.keysTable,
      },
    });
    const audit = tables.table('audit');
    const objects = createS3Objects({ bucket: settings.checkpointsBucket });
    try {
      return await verifyAudit({ audit, objects, scan: () => scanItems(audit, { consistent: true }) });
    } finally {
      tables.close();
    }
  });
