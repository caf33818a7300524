import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { functionNames } from '#functions/manifest.ts';
import { type Place, stageConfig, stagePlaces } from '#infra/config.ts';
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

/** Synthesizes stages, each into a folder of its name, and answers what is read from the folder of these folders. */
export const readingStages = <Read>(stages: readonly string[], read: (folder: string) => Read): Read => {
  const folder = mkdtempSync(join(tmpdir(), 'rotunda-stages-'));
  try {
    const code = standIn(join(folder, 'code'));
    for (const stage of stages) {
      const app = newApp(join(folder, 'stages', stage));
      // What CloudFormation itself complains of is told by the synthesis of the tests.
      app.node.setContext('@aws-cdk/core:validateAgainstDefaultRules', false);
      addRotunda(app, { config: stageConfig(stage, { ...example, ...stagePlaces.get(stage) }), code });
      app.synth();
    }
    return read(join(folder, 'stages'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};
