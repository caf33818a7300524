import { apiGatewayLimits } from './api-gateway.ts';
import { cloudFormationLimits } from './cloudformation.ts';
import { cloudWatchLimits } from './cloudwatch.ts';
import { cognitoLimits } from './cognito.ts';
import { deletingLimits } from './deleting.ts';
import type { Estate } from './estate.ts';
import { eventBridgeLimits } from './eventbridge.ts';
import { iamLimits } from './iam.ts';
import { iotLimits } from './iot.ts';
import { lambdaLimits } from './lambda.ts';
import type { Finding, Limit } from './limit.ts';
import { messagingLimits } from './messaging.ts';
import { namingLimits } from './naming.ts';
import { storageLimits } from './storage.ts';
import { wafLimits } from './waf.ts';

/** Every limit of AWS that templates are held to. */
export const limits: readonly Limit[] = [
  ...cloudFormationLimits,
  ...deletingLimits,
  ...namingLimits,
  ...lambdaLimits,
  ...eventBridgeLimits,
  ...iamLimits,
  ...messagingLimits,
  ...storageLimits,
  ...cognitoLimits,
  ...apiGatewayLimits,
  ...wafLimits,
  ...iotLimits,
  ...cloudWatchLimits,
];

/** Where the templates of all stages pass a limit, in the order of the list. */
export const limitFindings = (estate: Estate): readonly Finding[] => limits.flatMap(({ find }) => find(estate));
