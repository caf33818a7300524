import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables, tableSettings } from '#shared/lambda/tables.ts';
import { createS3Objects } from '#shared/messaging/aws/s3-objects.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { checkpointSchedule } from './schedule.ts';

const settings = readSettings(['stage', 'checkpointsBucket', ...tableSettings]);
const runtime = openRuntime('audit-checkpoint', settings.stage);
const { audit } = openTables(settings);
const objects = createS3Objects({ bucket: settings.checkpointsBucket });

export const handler = runtime.handle(checkpointSchedule({ ...runtime, audit, objects }));
