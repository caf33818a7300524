import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundle, codeFile, codeLimit, makeBundles } from '#infra/bundles.ts';
import { everySetting, saidByLambda } from './deployed-environment.ts';
import type { Figure, Measurement } from './measurement.ts';

const rounds = 5;

/** CPU time, milliseconds, of loading a module in a fresh process. */
const script = (file: string): string => `
  const before = process.cpuUsage();
  require(${JSON.stringify(file)});
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1000));`;

const loadOnce = (file: string): number => {
  const { stdout, status, stderr } = spawnSync(process.execPath, ['-e', script(file)], {
    env: { ...saidByLambda, ...everySetting },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the code could not be loaded: ${stderr.slice(0, 300)}`);
  return Number(stdout);
};

const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;

/** Median time of loading each code, by its name; each round loads all of them, so that none has the quiet moments. */
const loadTimes = async (codes: ReadonlyMap<string, string | Uint8Array>): Promise<ReadonlyMap<string, number>> => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-load-'));
  try {
    const files = [...codes.keys()].map((name) => ({ name, file: join(folder, `${name}-${codeFile}`) }));
    for (const { name, file } of files) await writeFile(file, codes.get(name) ?? '');
    const taken = new Map(files.map(({ name }): [string, number[]] => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, file } of files) taken.get(name)?.push(loadOnce(file));
    }
    return new Map([...taken].map(([name, times]) => [name, median(times)]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const figureOf = ({ name, code }: Bundle, load: number): Figure => ({
  name: `bundle-bytes-${name}`,
  what: `code of the function ${name}, minified`,
  value: code.byteLength,
  unit: 'B',
  goal: { atMost: codeLimit(name) - 1 },
  beside: [{ what: `CPU time of loading it, median of ${rounds} fresh processes`, value: load, unit: 'ms' }],
  notCounted: 'source maps, which are not deployed; of loading, starting Node and the first request',
});

const empty = 'empty';

/** What a cold start has to read: the size of each function's code, and beside it what loading costs. */
export const bundleSizes: Measurement = {
  name: 'bundles',
  title: 'Code of the deployed functions',
  measure: async () => {
    const bundles = await makeBundles();
    const codes = new Map<string, string | Uint8Array>([[empty, 'exports.handler=async()=>{};']]);
    for (const { name, code } of bundles) codes.set(name, code);
    const times = await loadTimes(codes);
    const loadOf = (name: string): number => times.get(name) ?? Number.NaN;
    return [
      ...bundles.map((bundle) => figureOf(bundle, loadOf(bundle.name))),
      {
        name: 'load-empty',
        what: 'CPU time of loading a handler that does nothing, in the same run',
        value: loadOf(empty),
        unit: 'ms',
        notCounted: 'starting Node',
      },
    ];
  },
};
