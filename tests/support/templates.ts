import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { type FunctionName, functionNames } from '#functions/manifest.ts';
import { type StageConfig, stageConfig } from '#infra/config.ts';
import type { CodeFolders } from '#infra/deployment.ts';
import { addRotunda } from '#infra/rotunda.ts';
import { newApp, type Synthesis, synthesize } from '#infra/synthesize.ts';

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
});
const Template = z.looseObject({
  Resources: z.record(z.string(), Resource),
  Outputs: z
    .record(z.string(), z.looseObject({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .optional(),
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

  get outputs(): Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } | undefined }>
  > {
    return this.#template.Outputs ?? {};
  }
}

export const place = {
  account: '123456789012',
  region: 'eu-west-1',
  deviceEndpoint: 'example-ats.iot.eu-west-1.amazonaws.com',
};

const Folders = z.record(z.enum(functionNames), z.string());

/** Code of every function that names it and nothing more: what the stacks are is asked here, not what they run. */
const codeFolders = (folder: string, changed: Partial<Record<FunctionName, string>> = {}): CodeFolders =>
  Folders.parse(
    Object.fromEntries(
      functionNames.map((name) => {
        const own = join(folder, name);
        mkdirSync(own, { recursive: true });
        writeFileSync(join(own, 'index.js'), `exports.handler = '${name}${changed[name] ?? ''}';\n`);
        return [name, own];
      }),
    ),
  );

/** The templates of a stage as they are deployed, and what the rules find in them. */
export const synthesisOf = (stage: string, changed: Partial<Record<FunctionName, string>> = {}): Synthesis => {
  const folder = mkdtempSync(join(tmpdir(), 'rotunda-synth-'));
  return synthesize(stage, place, codeFolders(join(folder, 'code'), changed), join(folder, 'out'));
};

/** Synthesizes a stage below a folder. */
const assemble = (folder: string, config: StageConfig) => {
  const app = newApp(join(folder, 'cdk.out'));
  // The rules of CloudFormation are held against every stage by `synthesisOf`; the templates are the same without.
  app.node.setContext('@aws-cdk/core:validateAgainstDefaultRules', false);
  addRotunda(app, { config, code: codeFolders(join(folder, 'code')) });
  return app.synth();
};

/** The same, to be read from the folder that it answers. */
export const stacksInto = (folder: string, config: StageConfig): string => assemble(folder, config).directory;

/**
 * The templates of a stage, by the name of the stack, held against no rule. `change` takes the stage's
 * configuration and answers the one to use.
 */
export const synthesise = (
  stage: string,
  change: (config: StageConfig) => StageConfig = (config) => config,
): Readonly<Record<string, StackTemplate>> => {
  const folder = mkdtempSync(join(tmpdir(), 'rotunda-stacks-'));
  try {
    const assembly = assemble(folder, change(stageConfig(stage, place)));
    return Object.fromEntries(
      assembly.stacks.map((stack) => [stack.displayName.split(' ')[0] ?? '', new StackTemplate(stack.template)]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
};
