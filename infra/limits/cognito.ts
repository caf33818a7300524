import { at, listOf } from '#infra/template.ts';
import { type Estate, type Found, grouped } from './estate.ts';
import { counted, type Limit, ofEach, type Said } from './limit.ts';
import { Resolver, textLength } from './resolve.ts';

const quotas = 'Quotas in Amazon Cognito';
const client = 'AWS::Cognito::UserPoolClient';

/** Things of a type that each pool has. */
const ofPool = (type: string, said: Said): Limit =>
  counted(said, (estate: Estate) => {
    const resolver = new Resolver(estate);
    const byPool = grouped(
      estate.ofType(type),
      ({ stack, properties }) => `${stack.name} ${resolver.text(stack, at(properties, 'UserPoolId'))}`,
    );
    return [...byPool.values()].flatMap((own) => {
      const [first] = own;
      return first === undefined ? [] : [{ stack: first.stack, id: first.id, figure: own.length }];
    });
  });

const lists = (type: string, member: string, said: Said): Limit =>
  ofEach(type, said, ({ properties }) => listOf(at(properties, member)).length);

const text = (type: string, member: string, said: Said): Limit =>
  ofEach(type, said, (found, estate) => {
    const value = at(found.properties, member);
    return value === undefined ? undefined : textLength(estate, found, value);
  });

const secondsOf: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** Seconds that a token holds; `unit` where the client names none. */
const validity = (token: 'AccessToken' | 'IdToken' | 'RefreshToken', unit: string) => (found: Found) => {
  const figure = at(found.properties, `${token}Validity`);
  if (figure === undefined) return undefined;
  return Number(figure) * (secondsOf[String(at(found.properties, 'TokenValidityUnits', token) ?? unit)] ?? Number.NaN);
};

const anHourToTenYears = { least: 3600, most: 315_360_000 };
const minutesToADay = { least: 300, most: 86_400 };

export const cognitoLimits: readonly Limit[] = [
  ofPool(client, {
    what: 'clients of a pool',
    unit: 'clients',
    most: 1000,
    source: `${quotas}: app clients per user pool 1,000`,
  }),
  ofPool('AWS::Cognito::UserPoolResourceServer', {
    what: 'resource servers of a pool',
    unit: 'servers',
    most: 25,
    source: `${quotas}: resource servers per user pool 25`,
  }),
  ofPool('AWS::Cognito::UserPoolGroup', {
    what: 'groups of a pool',
    unit: 'groups',
    most: 10_000,
    source: `${quotas}: groups per user pool 10,000`,
  }),
  lists('AWS::Cognito::UserPoolResourceServer', 'Scopes', {
    what: 'scopes of a resource server',
    unit: 'scopes',
    most: 100,
    source: `${quotas}: scopes per resource server 100`,
  }),
  ofEach(
    'AWS::Cognito::UserPoolResourceServer',
    {
      what: 'description of a scope',
      unit: 'characters',
      least: 1,
      most: 256,
      source: 'ResourceServerScopeType (Cognito API): ScopeDescription 1 to 256 characters',
    },
    ({ properties }) =>
      listOf(at(properties, 'Scopes')).map((scope) => ({
        part: String(at(scope, 'ScopeName')),
        figure: String(at(scope, 'ScopeDescription')).length,
      })),
  ),
  text('AWS::Cognito::UserPoolResourceServer', 'Identifier', {
    what: 'identifier of a resource server',
    unit: 'characters',
    most: 256,
    source: 'ResourceServerType (Cognito API): Identifier 1 to 256 characters',
  }),
  lists(client, 'AllowedOAuthScopes', {
    what: 'scopes of a client',
    unit: 'scopes',
    most: 50,
    source: `${quotas}: scopes per app client 50`,
  }),
  lists(client, 'CallbackURLs', {
    what: 'addresses a sign-in leads back to',
    unit: 'addresses',
    most: 100,
    source: `${quotas}: callback URLs per app client 100`,
  }),
  lists(client, 'LogoutURLs', {
    what: 'addresses a sign-out leads back to',
    unit: 'addresses',
    most: 100,
    source: `${quotas}: logout URLs per app client 100`,
  }),
  ofEach(
    client,
    { what: 'access token holds', unit: 's', ...minutesToADay, source: `${quotas}: access token 5 minutes to 1 day` },
    validity('AccessToken', 'hours'),
  ),
  ofEach(
    client,
    { what: 'id token holds', unit: 's', ...minutesToADay, source: `${quotas}: ID token 5 minutes to 1 day` },
    validity('IdToken', 'hours'),
  ),
  ofEach(
    client,
    {
      what: 'refresh token holds',
      unit: 's',
      ...anHourToTenYears,
      source: `${quotas}: refresh token 1 hour to 3,650 days`,
    },
    validity('RefreshToken', 'days'),
  ),
  text(client, 'ClientName', { what: 'name of a client', unit: 'characters', most: 128, source: 'known' }),
  text('AWS::Cognito::UserPool', 'UserPoolName', {
    what: 'name of a pool',
    unit: 'characters',
    most: 128,
    source: 'known',
  }),
  text('AWS::Cognito::UserPoolGroup', 'GroupName', {
    what: 'name of a group',
    unit: 'characters',
    most: 128,
    source: 'known',
  }),
  ofEach(
    'AWS::Cognito::UserPool',
    {
      what: 'name of an attribute of a pool',
      unit: 'characters',
      most: 20,
      source: `${quotas}: characters in custom attribute name 20`,
    },
    ({ properties }) =>
      listOf(at(properties, 'Schema')).map((attribute) => ({
        part: String(at(attribute, 'Name')),
        figure: String(at(attribute, 'Name')).length,
      })),
  ),
];
