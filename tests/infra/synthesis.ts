import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { type CodeFolders, type FunctionName, functionNames } from '#infra/deployment.ts';
import { type Synthesis, synthesize } from '#infra/synthesize.ts';

export const place = {
  account: '123456789012',
  region: 'eu-west-1',
  deviceEndpoint: 'example-ats.iot.eu-west-1.amazonaws.com',
};

const Folders = z.record(z.enum(functionNames), z.string());

/** Code of every function that names it and nothing more: what the stacks are is asked here, not what they run. */
export const codeFolders = (folder: string, changed: Partial<Record<FunctionName, string>> = {}): CodeFolders =>
  Folders.parse(
    Object.fromEntries(
      functionNames.map((name) => {
        const own = join(folder, name);
        mkdirSync(own, { recursive: true });
        writeFileSync(join(own, 'index.mjs'), `export const handler = '${name}${changed[name] ?? ''}';\n`);
        return [name, own];
      }),
    ),
  );

/** The templates of a stage. */
export const synthesisOf = (stage: string, changed: Partial<Record<FunctionName, string>> = {}): Synthesis => {
  const folder = mkdtempSync(join(tmpdir(), 'rotunda-synth-'));
  return synthesize(stage, place, codeFolders(join(folder, 'code'), changed), join(folder, 'out'));
};
