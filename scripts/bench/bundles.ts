import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundle, codeFile, codeLimit, makeBundles } from '#infra/bundles.ts';
import type { Figure, Measurement } from './measurement.ts';

const rounds = 9;
/** The largest function behind the API, and one that every reading passes. */
const loaded = ['customers', 'readings'] as const;

/** CPU time, milliseconds, of loading a module in a fresh process; a module that wants settings ends its load at asking for them. */
const script = (file: string): string => `
  const before = process.cpuUsage();
  try { require(${JSON.stringify(file)}); } catch (error) { if (!/settings of this function/.test(error.message)) throw error; }
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1000));`;

const loadOnce = (file: string): number => {
  const { stdout, status, stderr } = spawnSync(process.execPath, ['-e', script(file)], {
    env: { AWS_REGION: 'eu-west-2', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the code could not be loaded: ${stderr.slice(0, 300)}`);
  return Number(stdout);
};

const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;

const sizeOf = ({ name, code }: Bundle): Figure => ({
  name: `bundle-bytes-${name}`,
  what: `code of the function ${name}, minified`,
  value: code.byteLength,
  unit: 'B',
  goal: { atMost: codeLimit(name) - 1 },
  notCounted: 'source maps, which are not deployed',
});

const loadTimes = async (bundles: readonly Bundle[]): Promise<readonly Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-load-'));
  try {
    const files = new Map<string, string>([['empty', join(folder, `empty-${codeFile}`)]]);
    await writeFile(files.get('empty') ?? '', 'exports.handler=async()=>{};');
    for (const { name, code } of bundles.filter((bundle) => loaded.some((one) => one === bundle.name))) {
      files.set(name, join(folder, `${name}-${codeFile}`));
      await writeFile(files.get(name) ?? '', code);
    }
    const times = new Map<string, number[]>([...files.keys()].map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, file] of files) times.get(name)?.push(loadOnce(file));
    }
    const empty = median(times.get('empty') ?? []);
    return loaded.map((name) => ({
      name: `load-${name}`,
      what: `CPU time of loading ${name} in a fresh process, median of ${rounds}`,
      value: median(times.get(name) ?? []),
      unit: 'ms',
      beside: [{ what: 'an empty handler in the same run', value: empty, unit: 'ms' }],
      notCounted: 'starting Node, making clients after the settings are read, the first request',
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** What a cold start has to read: the size of each function's code, and what loading costs. */
export const bundleSizes: Measurement = {
  name: 'bundles',
  title: 'Code of the deployed functions',
  measure: async () => {
    const bundles = await makeBundles();
    return [...bundles.map(sizeOf), ...(await loadTimes(bundles))];
  },
};
