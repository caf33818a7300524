import * as z from 'zod';

const Schema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  $ref: z.string().optional(),
  $defs: z.record(z.string(), z.unknown()).optional(),
});

export type Path = readonly (string | number)[];

/** Paths of all members of a contract that may hold text, an index of 0 for any of a list. */
export const textMembers = (contract: z.ZodType): readonly Path[] => {
  const root = Schema.parse(z.toJSONSchema(contract, { io: 'input', unrepresentable: 'any' }));
  const found = new Map<string, Path>();
  const look = (part: unknown, path: Path, depth: number): void => {
    const schema = Schema.safeParse(part);
    if (!schema.success || depth > 12) return;
    const { type, properties = {}, items, anyOf = [], oneOf = [], allOf = [], $ref } = schema.data;
    if (type === 'string' || (Array.isArray(type) && type.includes('string'))) found.set(path.join('/'), path);
    for (const [name, member] of Object.entries(properties)) look(member, [...path, name], depth + 1);
    if (items !== undefined) look(items, [...path, 0], depth + 1);
    for (const one of [...anyOf, ...oneOf, ...allOf]) look(one, path, depth + 1);
    if ($ref !== undefined) look(root.$defs?.[$ref.replace('#/$defs/', '')], path, depth + 1);
  };
  look(root, [], 0);
  return [...found.values()];
};

/** A value with a text put at a path; what is missing on the way there is made. */
export const withText = (value: unknown, path: Path, text: string): unknown => {
  const [step, ...rest] = path;
  if (step === undefined) return text;
  if (typeof step === 'number') return [withText(Array.isArray(value) ? value[step] : undefined, rest, text)];
  const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return { ...members, [step]: withText(new Map(Object.entries(members)).get(step), rest, text) };
};

/** JSON pointer of a path. */
export const pointerTo = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
