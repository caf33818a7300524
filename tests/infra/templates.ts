import type { Synthesis } from '#infra/synthesize.ts';
import { at, listOf, statementsIn } from '#infra/template.ts';

export { at, listOf, statementsIn };

/** A resource of one of the templates. */
export interface Found {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly properties: unknown;
}

/** Every resource of the templates, of one type or of all. */
export const resourcesOf = ({ templates }: Synthesis, type?: string): readonly Found[] =>
  [...templates].flatMap(([stack, { Resources }]) =>
    Object.entries(Resources)
      .filter(([, resource]) => type === undefined || resource.Type === type)
      .map(([id, resource]) => ({ stack, id, type: resource.Type, resource, properties: resource.Properties })),
  );

/** `Stack/LogicalId` of each. */
export const named = (found: readonly Found[]): readonly string[] => found.map(({ stack, id }) => `${stack}/${id}`);

/** Names of the resources that fail. */
export const failing = (found: readonly Found[], holds: (one: Found) => boolean): readonly string[] =>
  named(found.filter((one) => !holds(one)));

/** Logical ids that a value refers to inside its own template. */
export const referencesIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'Ref' && typeof member === 'string') return [member];
    if (key === 'Fn::GetAtt') return [String(listOf(member)[0])];
    return referencesIn(member);
  });
};

/** All of the text in a value, with the parts that are only known when it is deployed left out. */
export const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const joined = at(value, 'Fn::Join', 1);
  return listOf(joined)
    .map((part) => (typeof part === 'string' ? part : '…'))
    .join('');
};
