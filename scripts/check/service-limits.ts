import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { functionNames } from '#functions/manifest.ts';
import { type Place, stageConfig, stageNames, stagePlaces } from '#infra/config.ts';
import { findingLine } from '#infra/limits/limit.ts';
import { limitFindings } from '#infra/limits/limits.ts';
import { readEstate } from '#infra/limits/read-estate.ts';
import { addRotunda } from '#infra/rotunda.ts';
import { newApp } from '#infra/synthesize.ts';

/** Where a stage would be that is bound to no account: all of these share one, as they may. */
const example: Place = {
  account: '123456789012',
  region: 'eu-west-1',
  deviceEndpoint: 'example-ats.iot.eu-west-1.amazonaws.com',
};

const Folders = z.record(z.enum(functionNames), z.string());

/** Templates do not depend on what functions run, so that one file stands for the code of all. */
const standIn = (folder: string) => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.js'), 'exports.handler = undefined;\n');
  return Folders.parse(Object.fromEntries(functionNames.map((name) => [name, folder])));
};

/** Where the templates of all stages pass a limit of AWS. */
export const serviceLimitComplaints = (): readonly string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'rotunda-limits-'));
  try {
    const code = standIn(join(folder, 'code'));
    for (const stage of stageNames) {
      const app = newApp(join(folder, 'stages', stage));
      // What CloudFormation itself complains of is told by the synthesis of the tests.
      app.node.setContext('@aws-cdk/core:validateAgainstDefaultRules', false);
      addRotunda(app, { config: stageConfig(stage, { ...example, ...stagePlaces.get(stage) }), code });
      app.synth();
    }
    return limitFindings(readEstate(join(folder, 'stages'))).map(findingLine);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
