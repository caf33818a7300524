import { at } from '#infra/template.ts';
import { type Estate, type Found, grouped, placeOf } from './estate.ts';
import { counted, type Limit, rule } from './limit.ts';
import { fixedName, givenName, nameRules } from './names.ts';
import { Resolver } from './resolve.ts';

/** Lengths of the names of a type. */
const lengths = Object.entries(nameRules).map(([type, { least, most, source }]) =>
  counted({ what: `name of ${type}`, unit: 'characters', least: least ?? 1, most, source }, (estate) =>
    estate.ofType(type).flatMap((found) => {
      const name = givenName(found);
      const { stack, id } = found;
      return name === undefined ? [] : [{ stack, id, figure: new Resolver(estate).text(stack, name).length }];
    }),
  ),
);

const characters = Object.entries(nameRules).flatMap(([type, { pattern, source }]) =>
  pattern === undefined
    ? []
    : [
        rule({ what: `characters of the name of ${type}`, bound: String(pattern), source }, (estate) =>
          estate.ofType(type).flatMap((found) => {
            const name = givenName(found);
            const text = name === undefined ? undefined : new Resolver(estate).text(found.stack, name);
            const { stack, id } = found;
            return text === undefined || pattern.test(text) ? [] : [{ stack, id, figure: text }];
          }),
        ),
      ],
);

/** Where a name is the only one, and the name: what two resources may not share. */
const identity = (resolver: Resolver, found: Found): readonly { readonly found: Found; readonly key: string }[] => {
  const name = fixedName(found);
  const only = nameRules[found.type]?.only;
  if (name === undefined || only === undefined) return [];
  const where = { region: placeOf(found), account: found.stack.account, everywhere: '' }[only];
  const bus =
    found.type === 'AWS::Events::Rule' ? resolver.text(found.stack, at(found.properties, 'EventBusName') ?? '') : '';
  return [{ found, key: `${found.type} ${where} ${bus} ${resolver.text(found.stack, name)}` }];
};

const stagesOf = (found: readonly Found[]): string => [...new Set(found.map(({ stack }) => stack.stage))].join(', ');

const twice = (estate: Estate) => {
  const resolver = new Resolver(estate);
  const named = estate.resources.flatMap((found) => identity(resolver, found));
  return [...grouped(named, ({ key }) => key).values()]
    .filter((same) => same.length > 1)
    .flatMap((same) => {
      const all = same.map(({ found }) => found);
      return all.map((found) => ({
        stack: found.stack,
        id: found.id,
        figure: `${resolver.name(found)}, by ${stagesOf(all)}`,
      }));
    });
};

/** What an account has once in a region, and where that is said. */
const settings: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account':
    'AWS::ApiGateway::Account: to avoid overwriting other roles, have only one per Region per account',
  'AWS::IoT::Logging':
    'AWS::IoT::Logging: where the log function of AWS IoT Core is set already, it cannot be deployed again',
  'AWS::IoT::AccountAuditConfiguration': 'known; UpdateAccountAuditConfiguration (AWS IoT API) is of the account',
  'AWS::IoT::ScheduledAudit': 'known; an audit of the account looks at the devices of all stages',
};

const settingsTwice = Object.entries(settings).map(([type, source]) =>
  rule({ what: `setting of the account by several stages: ${type}`, bound: 'one stage', source }, (estate) =>
    [...grouped(estate.ofType(type), placeOf).values()]
      .filter((same) => new Set(same.map(({ stack }) => stack.stage)).size > 1)
      .flatMap((same) => same.map(({ stack, id }) => ({ stack, id, figure: stagesOf(same) }))),
  ),
);

export const namingLimits: readonly Limit[] = [
  ...lengths,
  ...characters,
  rule(
    {
      what: 'name that is there twice',
      bound: 'one',
      source: 'known; a second resource of the same name and type cannot be made',
    },
    twice,
  ),
  ...settingsTwice,
];
