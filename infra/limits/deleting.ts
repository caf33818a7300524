import { type Found, keepingStack } from './estate.ts';
import { type Limit, rule } from './limit.ts';
import { fixedName } from './names.ts';

/** Types that are not deleted while they are in use, or hold something, and who says so. */
const heldWhileUsed: Readonly<Record<string, string>> = {
  'AWS::Cognito::UserPool':
    'User pool deletion protection (Cognito): DeleteUserPool is refused while it is active; known: and while the pool has a domain',
  'AWS::DynamoDB::Table': 'known; a table with deletion protection cannot be deleted, one without loses what it holds',
  'AWS::Events::EventBus': 'DeleteEventBus (EventBridge API): all rules associated with the bus need to be deleted',
  'AWS::IoT::Policy':
    'DeletePolicy (AWS IoT API): a policy cannot be deleted if it has non-default versions or is attached to any certificate',
  'AWS::IoT::ProvisioningTemplate':
    'DeleteProvisioningTemplate (AWS IoT API): DeleteConflictException where it is attached to one or more resources',
  'AWS::IoT::ThingType':
    'Delete a thing type (AWS IoT): only five minutes after it was deprecated; DeleteThingType: not if things are associated with it',
  'AWS::S3::Bucket':
    'DeletionPolicy attribute (CloudFormation): for S3 buckets, all objects must be deleted for deletion to succeed',
};

const retained = new Set(['Retain', 'RetainExceptOnCreate']);
const isKept = ({ deletion }: Found): boolean => retained.has(deletion);
const staysWith = ({ stack }: Found): boolean => stack.id === keepingStack;

const held = Object.entries(heldWhileUsed).map(([type, source]) =>
  rule({ what: `cannot be deleted while it is in use: ${type}`, bound: `in ${keepingStack}, kept`, source }, (estate) =>
    estate
      .ofType(type)
      .filter((found) => !(staysWith(found) && isKept(found)))
      .map(({ stack, id, deletion }) => ({ stack, id, figure: `in ${stack.id}, ${deletion}` })),
  ),
);

/** Types that a deployment takes into its stack where they are there already under a fixed name, as ours are deployed. */
const takenIn = new Set(['AWS::Logs::LogGroup']);

const deletionPolicy = 'DeletionPolicy attribute (CloudFormation)';

export const deletingLimits: readonly Limit[] = [
  ...held,
  rule(
    {
      what: 'kept where its stack can go, and in the way of the next one by its name',
      bound: `Delete, or in ${keepingStack}`,
      source: `${deletionPolicy}: resources that are retained continue to exist; Import AWS resources into a CloudFormation stack automatically: named ones of types that can be imported are taken in, log groups among them; known: the name of others is taken then`,
    },
    (estate) =>
      estate.resources
        .filter((found) => isKept(found) && !staysWith(found))
        .filter((found) => fixedName(found) !== undefined && !takenIn.has(found.type))
        .map(({ stack, id, type, deletion }) => ({ stack, id, figure: `${type}, ${deletion}` })),
  ),
  rule(
    {
      what: 'archive kept where the stack of its bus can go',
      bound: `Delete, or in ${keepingStack}`,
      source:
        'Deleting event archives (EventBridge): an archive has a managed rule on its bus; DeleteEventBus: all rules need to be deleted',
    },
    (estate) =>
      estate
        .ofType('AWS::Events::Archive')
        .filter((found) => isKept(found) && !staysWith(found))
        .map(({ stack, id, deletion }) => ({ stack, id, figure: deletion })),
  ),
  rule(
    {
      what: 'in the way of the next try by its name where its first creation is rolled back',
      bound: 'RetainExceptOnCreate',
      source: `${deletionPolicy}: Retain keeps what a creation that is rolled back made, RetainExceptOnCreate deletes it`,
    },
    (estate) =>
      estate.resources
        .filter((found) => found.deletion === 'Retain' && fixedName(found) !== undefined)
        .map(({ stack, id, type, deletion }) => ({ stack, id, figure: `${type}, ${deletion}` })),
  ),
];
