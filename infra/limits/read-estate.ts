import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { Template } from '#infra/template.ts';
import { Estate, type StackAt } from './estate.ts';

/** What the CDK writes beside the templates of an app; artifacts of other kinds have other properties. */
const Artifacts = z.object({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      environment: z.string().optional(),
      properties: z.looseObject({ templateFile: z.string().optional(), stackName: z.string().optional() }).optional(),
    }),
  ),
});
const Environment = z
  .templateLiteral(['aws://', z.string().regex(/^\d{12}$/), '/', z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/)])
  .transform((text) => text.slice('aws://'.length).split('/'));

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** The stacks of a stage, from the folder it was synthesized into. */
export const readStage = (stage: string, folder: string): readonly StackAt[] =>
  Object.entries(Artifacts.parse(readJson(join(folder, 'manifest.json'))).artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { environment, properties }]) => {
      const [account = '', region = ''] = Environment.parse(environment);
      const { templateFile = `${id}.template.json`, stackName = id } = properties ?? {};
      return {
        stage,
        id,
        name: stackName,
        account,
        region,
        template: Template.parse(readJson(join(folder, templateFile))),
      };
    });

/** Each stack once: what an account has once stands with every stage, and must be the same there. */
const once = (stacks: readonly StackAt[]): readonly StackAt[] => {
  const found = new Map<string, StackAt>();
  for (const stack of stacks) {
    const place = `${stack.account}/${stack.region}/${stack.name}`;
    const other = found.get(place);
    if (other !== undefined && !isDeepStrictEqual(other.template, stack.template))
      throw new RangeError(`${stack.name} has one template with ${other.stage} and another with ${stack.stage}`);
    if (other === undefined) found.set(place, stack);
  }
  return [...found.values()];
};

/** What lies in a folder with a folder for each stage. Throws where there is none. */
export const readEstate = (folder: string): Estate => {
  const stages = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'manifest.json')));
  if (stages.length === 0) throw new RangeError(`${folder} has no folder of a stage with its manifest.json`);
  return new Estate(once(stages.flatMap((stage) => readStage(stage, join(folder, stage)))));
};
