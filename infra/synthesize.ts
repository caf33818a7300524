import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as z from 'zod';
import { projectRoot } from '#infra/bundles.ts';
import { addChecks } from '#infra/checks.ts';
import { type Place, stageConfig } from '#infra/config.ts';
import type { CodeFolders } from '#infra/deployment.ts';
import { addRotunda } from '#infra/rotunda.ts';
import { Template } from '#infra/template.ts';

/** A rule that a construct does not keep and that nobody acknowledged. */
export interface Finding {
  readonly pack: string;
  readonly rule: string;
  readonly what: string;
  readonly where: readonly string[];
}

export interface Synthesis {
  readonly folder: string;
  /** By the construct id of the stack: `Stateful`, `Ingest`, … */
  readonly templates: ReadonlyMap<string, Template>;
  readonly findings: readonly Finding[];
}

const Where = z.union([
  z.object({ constructPath: z.string() }).transform((one) => one.constructPath),
  z.object({ resourceLogicalId: z.string() }).transform((one) => one.resourceLogicalId),
]);
const Report = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array(
        z.object({
          ruleName: z.string(),
          description: z.string(),
          violatingConstructs: z.array(Where).optional(),
          violatingResources: z.array(Where).optional(),
        }),
      ),
    }),
  ),
});

const Settings = z.object({ context: z.record(z.string(), z.unknown()) });
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** An app with the flags of `cdk.json`, as the command line makes it; `folder` is emptied. */
export const newApp = (folder: string): App => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const { context } = Settings.parse(readJson(join(projectRoot, 'cdk.json')));
  return new App({ outdir: folder, context, analyticsReporting: false });
};

/** Writes the templates of a stage into `folder`, held against every rule; nothing is deployed, AWS is not asked. */
export const synthesize = (stage: string, place: Place, code: CodeFolders, folder: string): Synthesis => {
  const app = newApp(folder);
  addRotunda(app, { config: stageConfig(stage, place), code });
  addChecks(app);
  const reported = join(folder, 'validation-report.json');
  try {
    app.synth();
  } catch (error) {
    // Findings end the synthesis once they are written down; anything else is an error.
    if (!existsSync(reported)) throw error;
  }
  const report = Report.parse(readJson(reported));
  const stacks = app.node.children.filter((child) => Stack.isStack(child));
  return {
    folder,
    templates: new Map(
      stacks.map((stack) => [stack.node.id, Template.parse(readJson(join(folder, stack.templateFile)))]),
    ),
    findings: report.pluginReports.flatMap(({ pluginName, violations }) =>
      violations.map((one) => ({
        pack: pluginName,
        rule: one.ruleName,
        what: one.description,
        where: [...(one.violatingConstructs ?? []), ...(one.violatingResources ?? [])],
      })),
    ),
  };
};
