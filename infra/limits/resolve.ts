import { createHash } from 'node:crypto';
import { at, listOf, membersOf } from '#infra/template.ts';
import type { Estate, Found, StackAt } from './estate.ts';
import { givenName, nameRules } from './names.ts';

/**
 * Values as they come out once deployed, so that they can be measured and compared. Account, region, fixed names and what is made
 * of them come out exactly; what AWS makes up itself is given the length it has there: ids of keys, pools and APIs by their form,
 * other names as CloudFormation makes them (stack, logical id, 12 characters, cut to what the type allows).
 */
const suffixLength = 12;

/** Digits that are the same for a resource each time, and others for each. */
const digits = ({ stack, id }: Found, count: number): string =>
  createHash('sha256').update(`${stack.name}/${id}`).digest('hex').slice(0, count);

/** The form of an id of KMS or Lambda. */
const uuid = (found: Found): string => `${digits(found, 8)}-0000-4000-8000-${digits(found, 12)}`;

/** Ids that AWS makes, by type; all else has a name. */
const ids: Readonly<Record<string, (found: Found) => string>> = {
  'AWS::KMS::Key': uuid,
  'AWS::ApiGateway::RestApi': (found) => digits(found, 10),
  'AWS::ApiGateway::Deployment': (found) => digits(found, 6),
  'AWS::Cognito::UserPool': (found) => `${found.stack.region}_${digits(found, 9)}`,
  'AWS::Cognito::UserPoolClient': (found) => digits(found, 26),
  'AWS::Lambda::EventSourceMapping': uuid,
};

/** What stands between account and name in an ARN, by type: `<service>:<path>`; `service:::` takes neither region nor account. */
const arnPaths: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'dynamodb:table/',
  'AWS::Events::EventBus': 'events:event-bus/',
  'AWS::KMS::Key': 'kms:key/',
  'AWS::Kinesis::Stream': 'kinesis:stream/',
  'AWS::Lambda::Function': 'lambda:function:',
  'AWS::Logs::LogGroup': 'logs:log-group:',
  'AWS::SNS::Topic': 'sns:',
  'AWS::SQS::Queue': 'sqs:',
  'AWS::Cognito::UserPool': 'cognito-idp:userpool/',
};

export class Resolver {
  readonly #estate: Estate;

  constructor(estate: Estate) {
    this.#estate = estate;
  }

  /** The text a value becomes; an object or list becomes its JSON without white space. */
  text(stack: StackAt, value: unknown): string {
    if (typeof value === 'string') return value;
    const whole = this.whole(stack, value);
    return typeof whole === 'string' ? whole : (JSON.stringify(whole) ?? '');
  }

  /** The value with every reference in it put by what it becomes. */
  whole(stack: StackAt, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((member) => this.whole(stack, member));
    const members = membersOf(value);
    if (members.length === 0) return value;
    const [first] = members;
    if (members.length === 1 && first !== undefined && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
      return this.#made(stack, first[0], first[1]);
    }
    return Object.fromEntries(members.map(([name, member]) => [name, this.whole(stack, member)]));
  }

  /** The ARN of a resource of a template. */
  arn(found: Found): string {
    const { stack, type } = found;
    if (type === 'AWS::S3::Bucket') return `arn:aws:s3:::${this.name(found)}`;
    if (type === 'AWS::IAM::Role') return `arn:aws:iam::${stack.account}:role/${this.name(found)}`;
    if (type === 'AWS::IAM::ManagedPolicy') return `arn:aws:iam::${stack.account}:policy/${this.name(found)}`;
    if (type === 'AWS::Lambda::Alias') {
      return `${this.text(stack, { 'Fn::GetAtt': [at(found.properties, 'FunctionName', 'Ref'), 'Arn'] })}:${this.text(stack, at(found.properties, 'Name'))}`;
    }
    if (type === 'AWS::Events::Rule') {
      const bus = at(found.properties, 'EventBusName');
      const path = bus === undefined ? '' : `${this.text(stack, bus)}/`;
      return `arn:aws:events:${stack.region}:${stack.account}:rule/${path}${this.name(found)}`;
    }
    const [service = '', ...path] = (arnPaths[type] ?? `${type.split('::')[1]?.toLowerCase()}:`).split(':');
    return `arn:aws:${service}:${stack.region}:${stack.account}:${path.join(':')}${this.name(found)}`;
  }

  /** The name or id of a resource: its own where it has one, else as AWS makes it. */
  name(found: Found): string {
    const { stack, type, id } = found;
    const given = givenName(found);
    if (given !== undefined) return this.text(stack, given);
    const made = ids[type]?.(found);
    if (made !== undefined) return made;
    const most = nameRules[type]?.most ?? 255;
    const name = `${stack.name}-${id}`.slice(0, most - suffixLength - 1);
    const whole = `${name}-${digits(found, suffixLength).toUpperCase()}`;
    return type === 'AWS::S3::Bucket' ? whole.toLowerCase() : whole;
  }

  #made(stack: StackAt, how: string, said: unknown): string {
    switch (how) {
      case 'Ref':
        return this.#reference(stack, String(said));
      case 'Fn::GetAtt':
        return this.#attribute(stack, typeof said === 'string' ? said.split('.') : listOf(said).map(String));
      case 'Fn::Join':
        return listOf(at(said, 1))
          .map((part) => this.text(stack, part))
          .join(String(at(said, 0)));
      case 'Fn::Sub':
        return this.#substituted(stack, said);
      case 'Fn::ImportValue':
        return this.#taken(stack, { export: this.text(stack, said) });
      case 'Fn::GetStackOutput':
        return this.#taken(stack, {
          stack: this.text(stack, at(said, 'StackName')),
          output: this.text(stack, at(said, 'OutputName')),
        });
      default:
        // What is chosen or cut out of something is no longer than that.
        return listOf(said)
          .map((part) => this.text(stack, part))
          .join('');
    }
  }

  #reference(stack: StackAt, name: string): string {
    const { account, region } = stack;
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stack.name}/00000000-0000-4000-8000-000000000000`,
    };
    const found = this.#estate.resource(stack, name);
    if (found === undefined) return pseudo[name] ?? this.#parameter(stack, name);
    if (found.type === 'AWS::SQS::Queue') return `https://sqs.${region}.amazonaws.com/${account}/${this.name(found)}`;
    return ['AWS::SNS::Topic', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'].includes(found.type)
      ? this.arn(found)
      : this.name(found);
  }

  #parameter(stack: StackAt, name: string): string {
    const value = at(stack.template.Parameters, name, 'Default');
    if (value === undefined) throw new RangeError(`${stack.name} refers to ${name}, which is nothing in it`);
    return String(value);
  }

  #attribute(stack: StackAt, [id = '', ...attribute]: readonly string[]): string {
    const found = this.#estate.resource(stack, id);
    if (found === undefined) throw new RangeError(`${stack.name} refers to ${id}, which is not in it`);
    const wanted = attribute.join('.');
    if (wanted === 'Arn') return found.type === 'AWS::Logs::LogGroup' ? `${this.arn(found)}:*` : this.arn(found);
    if (wanted === 'StreamArn') return `${this.arn(found)}/stream/2026-01-01T00:00:00.000`;
    if (wanted.endsWith('Name') || wanted === 'Id') return this.name(found);
    return `${wanted}-${this.name(found)}`;
  }

  #substituted(stack: StackAt, said: unknown): string {
    const [text, given] = typeof said === 'string' ? [said, undefined] : listOf(said);
    return String(text).replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
      const own = at(given, name);
      if (own !== undefined) return this.text(stack, own);
      return name.includes('.') && !name.startsWith('AWS::')
        ? this.#attribute(stack, name.split('.'))
        : this.#reference(stack, name);
    });
  }

  #taken(stack: StackAt, wanted: Parameters<Estate['output']>[1]): string {
    const found = this.#estate.output(stack, wanted);
    if (found === undefined)
      throw new RangeError(`${stack.name} takes ${JSON.stringify(wanted)}, which no stack offers`);
    return this.text(found.stack, at(found.said, 'Value'));
  }
}

/** Characters of a value once deployed. */
export const textLength = (estate: Estate, { stack }: Found, value: unknown): number =>
  new Resolver(estate).text(stack, value).length;

/** Characters of a document once deployed, without white space. */
export const documentLength = (estate: Estate, { stack }: Found, value: unknown): number =>
  new Resolver(estate).text(stack, value).replace(/\s/g, '').length;

/** Bytes of a value once deployed. */
export const byteLength = (estate: Estate, { stack }: Found, value: unknown): number =>
  Buffer.byteLength(new Resolver(estate).text(stack, value));
