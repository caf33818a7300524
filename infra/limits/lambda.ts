import { at, listOf, membersOf } from '#infra/template.ts';
import { type Estate, type Found, grouped } from './estate.ts';
import { counted, type Limit, ofEach, ofPlace, type Part } from './limit.ts';
import { Resolver } from './resolve.ts';

const quotas = 'Lambda quotas';
const mapping = 'AWS::Lambda::EventSourceMapping';
const mappingSource = 'CreateEventSourceMapping (Lambda API)';

const numberAt = ({ properties }: Found, ...path: readonly string[]): number | undefined => {
  const value = at(properties, ...path);
  return value === undefined ? undefined : Number(value);
};

/** A mapping's source is a queue where the mapping says nothing of where a stream is read from. */
const readsQueue = ({ properties }: Found): boolean => at(properties, 'StartingPosition') === undefined;

/** The environment as Lambda keeps it: names and values. */
const environmentBytes = (found: Found, estate: Estate): number => {
  const resolver = new Resolver(estate);
  const variables = membersOf(at(found.properties, 'Environment', 'Variables'));
  return variables.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(resolver.text(found.stack, value)),
    0,
  );
};

/** What Lambda writes for a permission: a statement with a made up id of 36 characters and its conditions. */
const permissionStatement = (resolver: Resolver, { stack, id, properties }: Found): string => {
  const said = (member: string): string => resolver.text(stack, at(properties, member) ?? '');
  const sourceArn = said('SourceArn');
  return JSON.stringify({
    Sid: `${stack.name}-${id}-000000000000`,
    Effect: 'Allow',
    Principal: { Service: said('Principal') },
    Action: said('Action'),
    Resource: said('FunctionName'),
    ...(sourceArn === '' ? {} : { Condition: { ArnLike: { 'AWS:SourceArn': sourceArn } } }),
  });
};

/** Bytes of the policy of each function, version or alias that is let be called. */
const policyBytes = (estate: Estate) => {
  const resolver = new Resolver(estate);
  const permissions = estate.ofType('AWS::Lambda::Permission');
  const ofTarget = grouped(
    permissions,
    ({ stack, properties }) => `${stack.name} ${resolver.text(stack, at(properties, 'FunctionName'))}`,
  );
  return [...ofTarget.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const Statement = own.map((one) => permissionStatement(resolver, one));
    const figure = Buffer.byteLength(`{"Version":"2012-10-17","Id":"default","Statement":[${Statement.join(',')}]}`);
    return [{ stack: first.stack, id: first.id, figure }];
  });
};

const patterns = ({ properties }: Found): readonly Part[] =>
  listOf(at(properties, 'FilterCriteria', 'Filters')).map((filter, number) => ({
    part: `filter ${number}`,
    figure: String(at(filter, 'Pattern')).length,
  }));

export const lambdaLimits: readonly Limit[] = [
  ofEach(
    'AWS::Lambda::Function',
    { what: 'timeout of a function', unit: 's', least: 1, most: 900, source: `${quotas}: 900 seconds` },
    (found) => numberAt(found, 'Timeout'),
  ),
  ofEach(
    'AWS::Lambda::Function',
    { what: 'memory of a function', unit: 'MB', least: 128, most: 10_240, source: `${quotas}: 128 MB to 10,240 MB` },
    (found) => numberAt(found, 'MemorySize'),
  ),
  ofEach(
    'AWS::Lambda::Function',
    {
      what: 'environment variables of a function',
      unit: 'bytes',
      most: 4096,
      source: `${quotas}: 4 KB, for all environment variables of a function`,
    },
    environmentBytes,
  ),
  counted(
    {
      what: 'policy of a function or alias',
      unit: 'bytes',
      most: 20_480,
      source: `${quotas}: resource-based policy 20 KB`,
    },
    policyBytes,
  ),
  ofPlace(
    'AWS::Lambda::Function',
    {
      what: 'executions reserved in an account and region',
      unit: 'executions, of the 1,000 there are unless more were asked for',
      most: 900,
      source: `${quotas}: 1,000 by default; PutFunctionConcurrency: leave at least 100 simultaneous executions unreserved`,
    },
    (functions) => functions.reduce((sum, one) => sum + (numberAt(one, 'ReservedConcurrentExecutions') ?? 0), 0),
  ),
  ofEach(
    mapping,
    { what: 'batch of a mapping', unit: 'records', least: 1, most: 10_000, source: `${mappingSource}: max 10,000` },
    (found) => numberAt(found, 'BatchSize'),
  ),
  ofEach(
    mapping,
    {
      what: 'batching window of a mapping',
      unit: 's',
      least: 0,
      most: 300,
      source: `${mappingSource}: any value from 0 seconds to 300 seconds`,
    },
    (found) => numberAt(found, 'MaximumBatchingWindowInSeconds'),
  ),
  ofEach(
    mapping,
    {
      what: 'batching window of a queue with batches of more than 10',
      unit: 's',
      least: 1,
      source: `${mappingSource}: for SQS, a BatchSize greater than 10 needs a MaximumBatchingWindowInSeconds of at least 1`,
    },
    (found) =>
      readsQueue(found) && (numberAt(found, 'BatchSize') ?? 0) > 10
        ? (numberAt(found, 'MaximumBatchingWindowInSeconds') ?? 0)
        : undefined,
  ),
  ofEach(
    mapping,
    { what: 'batches of a shard at once', unit: 'batches', least: 1, most: 10, source: `known; ${mappingSource}` },
    (found) => numberAt(found, 'ParallelizationFactor'),
  ),
  ofEach(
    mapping,
    {
      what: 'invocations of a queue at once',
      unit: 'invocations',
      least: 2,
      most: 1000,
      source: `known; ${mappingSource}`,
    },
    (found) => numberAt(found, 'ScalingConfig', 'MaximumConcurrency'),
  ),
  ofEach(
    mapping,
    {
      what: 'age of a record that is given up',
      unit: 's',
      least: 60,
      most: 604_800,
      source: `${mappingSource}: the minimum is 60 s; known: a week at most`,
    },
    (found) => {
      const age = numberAt(found, 'MaximumRecordAgeInSeconds');
      return age === -1 ? undefined : age;
    },
  ),
  ofEach(
    mapping,
    {
      what: 'filters of a mapping',
      unit: 'filters',
      most: 5,
      source: 'Control which events Lambda sends to your function: by default up to five filters, ten when asked for',
    },
    ({ properties }) => listOf(at(properties, 'FilterCriteria', 'Filters')).length,
  ),
  ofEach(
    mapping,
    {
      what: 'pattern of a filter',
      unit: 'characters',
      most: 4096,
      source: 'AWS::Lambda::EventSourceMapping Filter: Pattern, maximum 4096',
    },
    patterns,
  ),
];
