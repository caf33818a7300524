import { at, listOf, membersOf } from '#infra/template.ts';
import type { Found } from './estate.ts';
import { type Limit, ofEach, type Part } from './limit.ts';

const quotas = 'AWS WAF quotas';
const acl = 'AWS::WAFv2::WebACL';

/** Capacity of the rule groups of AWS; those of others, and of our own, say theirs. */
const groupCapacity: Readonly<Record<string, number>> = {
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesAmazonIpReputationList: 25,
  // Known.
  AWSManagedRulesKnownBadInputsRuleSet: 200,
  AWSManagedRulesAnonymousIpList: 50,
  AWSManagedRulesSQLiRuleSet: 200,
  AWSManagedRulesAdminProtectionRuleSet: 100,
};

/**
 * Capacity units of a statement: size constraint 1 as the document says; a rate-based one 2 and 30 for each key of its own, a
 * byte match 10 at most, a label match 1, a place 1 as known. Each text transformation counts 10, though `NONE` may be free.
 */
const baseCapacity: Readonly<Record<string, number>> = {
  RateBasedStatement: 2,
  SizeConstraintStatement: 1,
  ByteMatchStatement: 10,
  LabelMatchStatement: 1,
  GeoMatchStatement: 1,
  IPSetReferenceStatement: 1,
  SqliMatchStatement: 20,
  XssMatchStatement: 40,
  RegexMatchStatement: 3,
};

const transformations = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + transformations(one), 0);
  return membersOf(value).reduce(
    (sum, [name, member]) =>
      name === 'TextTransformations' ? sum + listOf(member).length : sum + transformations(member),
    0,
  );
};

/** NaN where a statement's capacity is not known: then nothing holds. */
const capacity = (statement: unknown): number =>
  membersOf(statement).reduce((sum, [kind, said]) => {
    if (kind === 'ManagedRuleGroupStatement') return sum + (groupCapacity[String(at(said, 'Name'))] ?? Number.NaN);
    if (kind === 'AndStatement' || kind === 'OrStatement') {
      return sum + listOf(at(said, 'Statements')).reduce<number>((inner, one) => inner + capacity(one), 0);
    }
    if (kind === 'NotStatement') return sum + capacity(at(said, 'Statement'));
    const base = baseCapacity[kind] ?? Number.NaN;
    const narrowed = at(said, 'ScopeDownStatement');
    const keys = listOf(at(said, 'CustomKeys')).length;
    return sum + base + 30 * keys + 10 * transformations(said) + (narrowed === undefined ? 0 : capacity(narrowed));
  }, 0);

const rules = ({ properties }: Found): readonly unknown[] => listOf(at(properties, 'Rules'));
const bodies = ({ properties }: Found) => membersOf(at(properties, 'CustomResponseBodies'));
const ownHeaders = (found: Found): readonly Part[] =>
  rules(found).map((rule) => ({
    part: String(at(rule, 'Name')),
    figure: listOf(at(rule, 'Action', 'Block', 'CustomResponse', 'ResponseHeaders')).length,
  }));
const bodyBytes = (body: unknown): number => Buffer.byteLength(String(at(body, 'Content')));

/** Bytes of a body that the firewall of an API sees: 16 KB unless the association says `KB_32`, `KB_48` or `KB_64`. */
const seenOfBody = ({ properties }: Found): number => {
  const said = at(properties, 'AssociationConfig', 'RequestBody', 'API_GATEWAY', 'DefaultSizeInspectionLimit');
  return Number(/^KB_(\d+)$/.exec(String(said ?? 'KB_16'))?.[1]) * 1024;
};

/** Sizes that rules compare a body with. */
const bodySizes = (value: unknown): readonly number[] => {
  if (Array.isArray(value)) return value.flatMap(bodySizes);
  return membersOf(value).flatMap(([name, member]) =>
    name === 'SizeConstraintStatement' && at(member, 'FieldToMatch', 'Body') !== undefined
      ? [Number(at(member, 'Size'))]
      : bodySizes(member),
  );
};

export const wafLimits: readonly Limit[] = [
  ofEach(
    acl,
    {
      what: 'capacity of a firewall',
      unit: 'WCU',
      most: 5000,
      source: 'AWS WAF increases web ACL capacity units limits (2023): up to 5,000, priced apart from 1,500 on',
    },
    (found) => rules(found).reduce<number>((sum, rule) => sum + capacity(at(rule, 'Statement')), 0),
  ),
  ofEach(
    acl,
    {
      what: 'rate-based rules of a firewall',
      unit: 'rules',
      most: 10,
      source: `${quotas}: rate-based rules per web ACL 10`,
    },
    (found) => rules(found).filter((rule) => at(rule, 'Statement', 'RateBasedStatement') !== undefined).length,
  ),
  ofEach(acl, { what: 'name of a rule of a firewall', unit: 'characters', most: 128, source: 'known' }, (found) =>
    rules(found).map((rule) => ({ part: String(at(rule, 'Name')), figure: String(at(rule, 'Name')).length })),
  ),
  ofEach(
    acl,
    {
      what: 'answers of a firewall',
      unit: 'bodies',
      most: 50,
      source: `${quotas}: custom response bodies per web ACL 50`,
    },
    (found) => bodies(found).length,
  ),
  ofEach(
    acl,
    { what: 'answer of a firewall', unit: 'bytes', most: 4096, source: `${quotas}: custom response body content 4 KB` },
    (found) => bodies(found).map(([part, body]) => ({ part, figure: bodyBytes(body) })),
  ),
  ofEach(
    acl,
    {
      what: 'answers of a firewall together',
      unit: 'bytes',
      most: 51_200,
      source: `${quotas}: combined size of all response bodies 50 KB`,
    },
    (found) => bodies(found).reduce((sum, [, body]) => sum + bodyBytes(body), 0),
  ),
  ofEach(
    acl,
    {
      what: 'headers of an answer of a firewall',
      unit: 'headers',
      most: 10,
      source: `${quotas}: custom headers for a single custom response 10`,
    },
    ownHeaders,
  ),
  ofEach(
    acl,
    {
      what: 'headers of all answers of a firewall',
      unit: 'headers',
      most: 100,
      source: `${quotas}: custom response headers per web ACL 100`,
    },
    (found) => ownHeaders(found).reduce((sum, { figure }) => sum + figure, 0),
  ),
  ofEach(
    acl,
    {
      what: 'body size compared beyond what the firewall sees',
      unit: 'bytes more',
      most: 0,
      source:
        'Size constraint rule statement (AWS WAF): a size above the maximum that can be inspected never matches; API Gateway 16 KB by default',
    },
    (found) =>
      bodySizes(rules(found)).map((size) => ({ part: `size ${size}`, figure: Math.max(0, size - seenOfBody(found)) })),
  ),
];
