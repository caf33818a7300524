import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** A resource of a template; whatever else it has stays as it is. */
const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
});
export type Resource = z.infer<typeof Resource>;
const Template = z.looseObject({ Resources: z.record(z.string(), Resource) });

/** A template of the assembly, by the file that holds it. */
export interface StackTemplate {
  readonly file: string;
  /** `Ingest` of `Ingest.template.json`. */
  readonly name: string;
  readonly template: z.infer<typeof Template>;
}

const ending = '.template.json';

/** Every template of an assembly, those of nested stages too. */
export const readTemplates = async (folder: string): Promise<readonly StackTemplate[]> => {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(ending)).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const template = Template.parse(JSON.parse(await readFile(file, 'utf8')));
      return { file, name: (name.split('/').at(-1) ?? name).slice(0, -ending.length), template };
    }),
  );
};

export const writeTemplate = ({ file, template }: StackTemplate): Promise<void> =>
  writeFile(file, JSON.stringify(template, undefined, 1));

export const typesOf = (templates: readonly StackTemplate[]): readonly string[] =>
  [...new Set(templates.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type)))].sort();

/** Logical ids that a value of a template refers to, by Ref, GetAtt, Sub or DependsOn. */
const references = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly string[] => {
    if (key === 'Ref' && typeof inner === 'string') return [inner];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : inner).split('.')[0] ?? ''];
    if (key === 'DependsOn') return [inner].flat().map(String);
    if (key !== 'Fn::Sub') return references(inner);
    const [text, ...more] = [inner].flat();
    const named = [...String(text).matchAll(/\$\{([^!.}]+)[^}]*\}/g)].map((match) => match[1] ?? '');
    return [...named, ...references(more)];
  });
};

export interface RemovedResource {
  readonly stack: string;
  readonly logicalId: string;
  /** Its type, or what of the type it is. */
  readonly what: string;
}

/**
 * Takes resources out of the templates: those that `nameOf` gives a name. Throws where one that stays refers to one that went:
 * what is deployed would then not be what was synthesised.
 */
export const removeResources = (
  templates: readonly StackTemplate[],
  nameOf: (resource: Resource) => string | undefined,
): readonly RemovedResource[] => {
  const removed: RemovedResource[] = [];
  for (const one of templates) {
    const { Resources, Outputs } = one.template;
    const names = new Set<string>();
    for (const [logicalId, resource] of Object.entries(Resources)) {
      const what = nameOf(resource);
      if (what === undefined) continue;
      removed.push({ stack: one.name, logicalId, what });
      names.add(logicalId);
      delete Resources[logicalId];
    }
    for (const [logicalId, resource] of Object.entries({ ...Resources, Outputs })) {
      const dangling = references(resource).filter((name) => names.has(name));
      if (dangling.length > 0) throw new Error(`${one.name}: ${logicalId} refers to ${dangling.join(', ')}, removed`);
    }
  }
  return removed;
};
