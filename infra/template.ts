import * as z from 'zod';

const Resource = z.record(z.string(), z.unknown()).and(z.object({ Type: z.string() }));

/** A template, as far as all of them are alike. */
export const Template = z.looseObject({
  Resources: z.record(z.string(), Resource),
  Outputs: z.record(z.string(), z.unknown()).optional(),
  Parameters: z.record(z.string(), z.unknown()).optional(),
  Mappings: z.record(z.string(), z.unknown()).optional(),
});
export type Template = z.infer<typeof Template>;

/** A member deep inside a value, or undefined where a step leads nowhere. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((here, step) => {
    if (Array.isArray(here)) return here[Number(step)];
    if (typeof here !== 'object' || here === null) return undefined;
    return Object.entries(here).find(([key]) => key === step)?.[1];
  }, value);

/** A list, one thing as a list of one, nothing as none: as policies and templates write them. */
export const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
};

/** Members of a value by name; none where it is no object. */
export const membersOf = (value: unknown): readonly (readonly [name: string, value: unknown])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

/** Statements of the policy documents inside a value, however deep. */
export const statementsIn = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value.flatMap(statementsIn);
  const deeper = membersOf(value).flatMap(([key, member]) => (key === 'Statement' ? [] : statementsIn(member)));
  return [...listOf(at(value, 'Statement')), ...deeper];
};
