import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '#functions/manifest.ts';
import { type Bundle, codeLimit, makeBundles } from '#infra/bundles.ts';
import { projectRoot } from '#scripts/check/project-files.ts';

const byName = (bundles: readonly Bundle[]) => new Map(bundles.map((bundle) => [bundle.name, bundle]));
const textOf = (bundle: Bundle | undefined): string => Buffer.from(bundle?.code ?? []).toString('utf8');

let bundles: readonly Bundle[];
let copy: string;

/** The project's sources in a folder of their own, to be changed. */
const copySources = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-bundles-'));
  for (const name of ['functions', 'shared', 'package.json', 'tsconfig.json']) {
    await cp(join(projectRoot, name), join(folder, name), { recursive: true });
  }
  await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  return folder;
};

beforeAll(async () => {
  bundles = await makeBundles();
  copy = await copySources();
}, 300_000);

afterAll(() => rm(copy, { recursive: true, force: true }));

describe('the code of a function', () => {
  it('is there for each function', () => {
    expect(bundles.map(({ name }) => name)).toEqual([...functionNames]);
  });

  it.each([...functionNames])('of %s keeps within its limit', (name) => {
    const bytes = byName(bundles).get(name)?.code.byteLength ?? Number.POSITIVE_INFINITY;
    expect(bytes).toBeLessThan(codeLimit(name));
  });

  it('holds nothing of devices, of deploying, or of one machine', () => {
    const foreign =
      /node_modules\/(aws-iot-device-sdk-v2|aws-crt|aws-cdk-lib|constructs|aedes|[a-z]+-level|abstract-level|oidc-provider|commander|tsx|esbuild)\/|^(infra|scripts|iot|tests)\/|\/local-[a-z-]+\.ts$|\/level-[a-z]+\.ts$/;
    const held = bundles.flatMap(({ name, inputs }) =>
      Object.keys(inputs)
        .filter((path) => foreign.test(path))
        .map((path) => `${name}: ${path}`),
    );
    expect(held).toEqual([]);
  });

  it.each([
    // Whoever came back with a table that was set back is erased again: keys, and files of imports. It has replays worked on.
    ['operations', ['dynamodb', 'kms', 'lambda', 's3']],
    ['operations-replay', ['dynamodb', 'eventbridge', 'kms', 'lambda']],
    ['operations-parked', ['dynamodb', 'iot', 'kinesis', 'lambda', 's3', 'sqs']],
    ['operations-match', ['dynamodb']],
    ['silent-meters', ['dynamodb', 'lambda']],
    ['imports-work', ['dynamodb', 'kinesis', 'lambda', 's3']],
    ['imports-points', ['dynamodb', 'kms']],
  ] as const)('of %s holds the clients of what it acts on alone', (name, clients) => {
    const held = Object.entries(byName(bundles).get(name)?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) => {
      const client = /node_modules\/@aws-sdk\/client-([a-z0-9-]+)\//.exec(path)?.[1];
      return client === undefined || bytesInOutput === 0 ? [] : [client];
    });
    expect([...new Set(held)].toSorted()).toEqual(clients);
  });

  it('holds no source map and tells no path of the machine it was made on', () => {
    for (const bundle of bundles) {
      expect(textOf(bundle)).not.toContain('sourceMappingURL');
      expect(textOf(bundle)).not.toContain(projectRoot);
      expect(JSON.parse(Buffer.from(bundle.sourceMap).toString('utf8'))).toMatchObject({ version: 3 });
    }
  });
});

describe('making the code', () => {
  it('twice, in two places, gives equal bytes', async () => {
    const elsewhere = await makeBundles(functionNames, copy);
    for (const [index, bundle] of bundles.entries()) {
      expect(Buffer.compare(bundle.code, elsewhere[index]?.code ?? new Uint8Array()), bundle.name).toBe(0);
    }
  }, 300_000);

  it('after a change in one function changes that function alone', async () => {
    const path = join(copy, 'functions/audit/schedule.ts');
    const before = byName(await makeBundles(functionNames, copy));
    await writeFile(path, (await readFile(path, 'utf8')).replace("'audit.checkpoint'", "'audit.checkpoint-taken'"));
    const changed = (await makeBundles(functionNames, copy))
      .filter(({ name, code }) => Buffer.compare(code, before.get(name)?.code ?? new Uint8Array()) !== 0)
      .map(({ name }) => name);
    expect(changed).toEqual(['audit-checkpoint']);
  }, 300_000);
});
