import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { type StageConfig, stageConfig } from '#infra/config.ts';
import { type CodeFolders, type FunctionName, functionNames } from '#infra/deployment.ts';
import { addRotunda } from '#infra/rotunda.ts';
import cdk from '../../cdk.json' with { type: 'json' };

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
});
const Template = z.looseObject({
  Resources: z.record(z.string(), Resource),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).optional(),
});
export type TemplateResource = z.infer<typeof Resource> & { readonly logicalId: string };

/** The template of one stack, as CloudFormation gets it. */
export class StackTemplate {
  readonly #template: z.infer<typeof Template>;

  constructor(template: unknown) {
    this.#template = Template.parse(template);
  }

  /** Resources of a type, e.g. `AWS::Lambda::Function`. */
  ofType(type: string): readonly TemplateResource[] {
    return Object.entries(this.#template.Resources).flatMap(([logicalId, resource]) =>
      resource.Type === type ? [{ ...resource, logicalId }] : [],
    );
  }

  /** The one resource of a type. */
  only(type: string): TemplateResource {
    const [first, ...rest] = this.ofType(type);
    if (first === undefined || rest.length > 0)
      throw new Error(`${rest.length + Number(first !== undefined)} of ${type}`);
    return first;
  }

  get outputs(): Readonly<Record<string, { readonly Value: unknown }>> {
    return this.#template.Outputs ?? {};
  }
}

const place = { account: '111122223333', region: 'eu-west-1', deviceEndpoint: 'devices.example' };

const foldersOf = (folder: string): CodeFolders => {
  const folders = Object.fromEntries(functionNames.map((name) => [name, folder]));
  const isWhole = (some: Readonly<Record<string, string>>): some is Record<FunctionName, string> =>
    functionNames.every((name) => some[name] !== undefined);
  if (!isWhole(folders)) throw new Error('a function has no folder');
  return folders;
};

/**
 * The templates of a stage, by the name of the stack, with a stand-in for the functions' code. `change` takes the stage's
 * configuration and answers the one to use.
 */
export const synthesise = (
  stage: string,
  change: (config: StageConfig) => StageConfig = (config) => config,
): Readonly<Record<string, StackTemplate>> => {
  const folder = mkdtempSync(join(tmpdir(), 'rotunda-stacks-'));
  const code = join(folder, 'code');
  try {
    mkdirSync(code);
    writeFileSync(join(code, 'index.mjs'), 'export const handler = async () => undefined;\n');
    const app = new App({
      // The rules of CloudFormation are held against every stage by `npm run synth`; the templates are the same without.
      context: { ...cdk.context, '@aws-cdk/core:validateAgainstDefaultRules': false },
      outdir: join(folder, 'cdk.out'),
      analyticsReporting: false,
      stackTraces: false,
      treeMetadata: false,
    });
    addRotunda(app, { config: change(stageConfig(stage, place)), code: foldersOf(code) });
    const assembly = app.synth();
    return Object.fromEntries(
      assembly.stacks.map((stack) => [stack.displayName.split(' ')[0] ?? '', new StackTemplate(stack.template)]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
};
