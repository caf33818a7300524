import { at, listOf, membersOf } from '#infra/template.ts';
import type { StackAt } from './estate.ts';
import { counted, type Limit, ofEach, rule, type Said } from './limit.ts';

const quotas = 'Understand CloudFormation quotas';

/** A limit of each stack as a whole. */
const ofStack = (said: Said, count: (stack: StackAt) => number): Limit =>
  counted(said, ({ stacks }) => stacks.map((stack) => ({ stack, id: '*', figure: count(stack) })));

/** Names of exports that a value takes, however deep. */
const importsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(importsIn);
  return membersOf(value).flatMap(([name, member]) =>
    name === 'Fn::ImportValue' ? [typeof member === 'string' ? member : JSON.stringify(member)] : importsIn(member),
  );
};

const strong =
  'Fn::ImportValue (CloudFormation): after another stack imports an output value, the stack that exports it can neither be deleted nor change it; Fn::GetStackOutput is a weak reference';

export const cloudFormationLimits: readonly Limit[] = [
  ofStack(
    { what: 'resources of a stack', unit: 'resources', most: 500, source: `known; ${quotas}` },
    ({ template }) => Object.keys(template.Resources).length,
  ),
  ofStack(
    { what: 'outputs of a stack', unit: 'outputs', most: 200, source: `known; ${quotas}` },
    ({ template }) => membersOf(template.Outputs).length,
  ),
  ofStack(
    { what: 'parameters of a stack', unit: 'parameters', most: 200, source: `known; ${quotas}` },
    ({ template }) => membersOf(template.Parameters).length,
  ),
  ofStack(
    { what: 'mappings of a stack', unit: 'mappings', most: 200, source: `${quotas}: 200 mappings` },
    ({ template }) => membersOf(template.Mappings).length,
  ),
  // As the CDK uploads it: indented by one space.
  ofStack(
    { what: 'size of a template', unit: 'bytes', most: 1_048_576, source: `known; ${quotas}: template body in S3` },
    ({ template }) => Buffer.byteLength(JSON.stringify(template, undefined, 1)),
  ),
  rule({ what: 'output exported to other stacks', bound: 'none', source: strong }, ({ stacks }) =>
    stacks.flatMap((stack) =>
      membersOf(stack.template.Outputs).flatMap(([id, said]) => {
        const name = at(said, 'Export', 'Name');
        return name === undefined
          ? []
          : [{ stack, id, figure: typeof name === 'string' ? name : JSON.stringify(name) }];
      }),
    ),
  ),
  rule({ what: 'value imported from another stack', bound: 'none', source: strong }, ({ stacks }) =>
    stacks.flatMap((stack) =>
      [...new Set(importsIn(stack.template))].map((name) => ({ stack, id: '*', figure: name })),
    ),
  ),
  ofEach(
    [
      'AWS::Lambda::Function',
      'AWS::DynamoDB::Table',
      'AWS::S3::Bucket',
      'AWS::IAM::Role',
      'AWS::SQS::Queue',
      'AWS::Logs::LogGroup',
      'AWS::CloudWatch::Alarm',
    ],
    {
      what: 'tags of a resource',
      unit: 'tags',
      most: 50,
      source: 'Tag restrictions: maximum number of tags per resource 50',
    },
    ({ properties }) => listOf(at(properties, 'Tags')).length,
  ),
];
