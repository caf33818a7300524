import type { Estate, Found } from '#infra/limits/estate.ts';
import { Resolver } from '#infra/limits/resolve.ts';
import { at, listOf, membersOf } from '#infra/template.ts';

/** A statement that allows something, every reference in it put by what it becomes. */
export interface Permit {
  readonly services: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What a condition asks for, by its key: values, and whether they may be patterns. */
  readonly conditions: ReadonlyMap<string, { readonly values: readonly string[]; readonly pattern: boolean }>;
}

const permitOf = (statement: unknown): Permit => ({
  services: listOf(at(statement, 'Principal', 'Service')).map(String),
  actions: listOf(at(statement, 'Action')).map(String),
  resources: listOf(at(statement, 'Resource')).map(String),
  conditions: new Map(
    membersOf(at(statement, 'Condition')).flatMap(([operator, keys]) =>
      membersOf(keys).map(([key, values]) => [
        key,
        { values: listOf(values).map(String), pattern: operator.endsWith('Like') },
      ]),
    ),
  ),
});

/** What a policy document of a resource allows. */
export const permitsIn = (estate: Estate, { stack }: Found, document: unknown): readonly Permit[] =>
  listOf(at(new Resolver(estate).whole(stack, document), 'Statement'))
    .filter((statement) => at(statement, 'Effect') === 'Allow')
    .map(permitOf);

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );

/** Whether a pattern of a policy covers a text, which may be a pattern itself: then all that it stands for. */
export const covers = (pattern: string, text: string): boolean => glob(pattern).test(text);

/** Whether the permit lets an act be done on a resource, where the request says of itself what `says` has. */
export const lets = (
  permit: Permit,
  action: string,
  resource: string,
  says: Readonly<Record<string, string>>,
): boolean =>
  permit.actions.includes(action) &&
  permit.resources.some((pattern) => covers(pattern, resource)) &&
  [...permit.conditions].every(([key, { values, pattern }]) => {
    const said = says[key];
    return said !== undefined && values.some((value) => (pattern ? covers(value, said) : value === said));
  });

/** What a role may do: its own policies and those of its template that name it. */
export const permitsOfRole = (estate: Estate, role: Found): readonly Permit[] =>
  estate
    .ofType('AWS::IAM::Policy')
    .filter(
      ({ stack, properties }) =>
        stack === role.stack && listOf(at(properties, 'Roles')).some((one) => at(one, 'Ref') === role.id),
    )
    .flatMap((policy) => permitsIn(estate, policy, at(policy.properties, 'PolicyDocument')));
