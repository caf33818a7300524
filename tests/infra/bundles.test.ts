import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import parsePhoneNumber, { getCountries } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/metadata.min.json';
import examples from 'libphonenumber-js/mobile/examples';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '#functions/manifest.ts';
import { type Bundle, codeLimit, makeBundles } from '#infra/bundles.ts';
import { leanPackages, plansForReading, withMadeErrors, withPlainNames } from '#infra/lean-packages.ts';
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
    // Whoever came back with a table that was set back is erased again: keys, and files of imports.
    ['operations', ['dynamodb', 'eventbridge', 'kms', 's3']],
    ['operations-parked', ['dynamodb', 'iot', 'kinesis', 'lambda', 's3', 'sqs']],
    ['operations-match', ['dynamodb']],
    ['imports-work', ['dynamodb', 'kinesis', 'lambda', 's3']],
    ['imports-points', ['dynamodb', 'kms']],
  ] as const)('of %s holds the clients of what it acts on alone', (name, clients) => {
    const held = Object.entries(byName(bundles).get(name)?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) => {
      const client = /node_modules\/@aws-sdk\/client-([a-z0-9-]+)\//.exec(path)?.[1];
      return client === undefined || bytesInOutput === 0 ? [] : [client];
    });
    expect([...new Set(held)].toSorted()).toEqual(clients);
  });

  it('looks for credentials nowhere but in the environment', () => {
    const chains = bundles.flatMap(({ name, inputs }) =>
      Object.keys(inputs)
        .filter((path) => /credential-provider|nested-clients|token-providers/.test(path))
        .map((path) => `${name}: ${path}`),
    );
    expect(chains).toEqual([]);
    expect(textOf(byName(bundles).get('relay'))).toContain('AWS_SESSION_TOKEN');
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

describe('numbering plans without formats', () => {
  const lean = JSON.parse(JSON.stringify(plansForReading(JSON.stringify(metadata))));

  it('are much smaller', () => {
    expect(JSON.stringify(lean).length).toBeLessThan(JSON.stringify(metadata).length / 2);
  });

  it('read the number of every country, however it is written, as the whole plans do', () => {
    const wrong: string[] = [];
    for (const country of getCountries(metadata)) {
      const national = examples[country];
      if (national === undefined) continue;
      for (const written of [national, `0${national}`, `+${national}`, `00${national}`]) {
        const options = { defaultCountry: country, extract: false } as const;
        const read = (plans: typeof metadata) => {
          const number = parsePhoneNumber(written, options, plans);
          return [number?.number, number?.nationalNumber, number?.country];
        };
        if (JSON.stringify(read(lean)) !== JSON.stringify(read(metadata))) wrong.push(`${country} ${written}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('the schemas of a client with names written out', () => {
  it.each(['dynamodb', 'iot', 'kms', 's3'])('are the same schemas: %s', async (client) => {
    const file = join(projectRoot, 'node_modules/@aws-sdk', `client-${client}`, 'dist-es/schemas/schemas_0.js');
    const plain = await readFile(file, 'utf8');
    const written = withPlainNames(plain);
    expect(written).not.toBe(plain);
    expect(written).not.toMatch(/[{,]\s*\[_\w+\]:/);
    const literal = (text: string): string =>
      text.replace(
        /\[(_\w+)\]:/g,
        (_, name: string) => `${new RegExp(`^const ${name} = (".*");$`, 'm').exec(text)?.[1]}:`,
      );
    expect(written).toBe(literal(plain));
  });
});

describe('the errors of a client, made by one function', () => {
  const require = createRequire(import.meta.url);
  const errorsOf = async (client: string, lean: boolean): Promise<Readonly<Record<string, unknown>>> => {
    const file = join(projectRoot, 'node_modules/@aws-sdk', `client-${client}`, 'dist-es/models/errors.js');
    const outfile = join(copy, `errors-${client}-${lean}.cjs`);
    const plugins = lean ? [leanPackages(projectRoot, { jsonSchemas: false })] : [];
    await build({
      entryPoints: [file],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      plugins,
      logLevel: 'error',
    });
    return require(outfile);
  };
  /** What can be seen of an error of a class, and of the class. */
  const seen = (made: unknown) => {
    if (typeof made !== 'function') throw new TypeError('no class');
    const sent = {
      $metadata: { httpStatusCode: 400 },
      message: 'No.',
      Type: 'Sender',
      Message: 'No.',
      resourceId: 'r-1',
    };
    const error: unknown = Reflect.construct(made, [
      { ...sent, ThrottlingReasons: [], throttlingReasons: [], Item: {} },
    ]);
    if (!(error instanceof Error)) throw new TypeError('no error');
    return {
      shapeId: Reflect.get(made, 'shapeId'),
      own: Object.entries(error),
      name: error.name,
      message: error.message,
      isOfItsClass: error instanceof made,
      chain: [Object.getPrototypeOf(error) === made.prototype, error instanceof Error],
    };
  };

  it.each(['dynamodb', 'iot', 'kms', 's3', 'sqs'])('are the same errors: %s', async (client) => {
    const [plain, made] = [await errorsOf(client, false), await errorsOf(client, true)];
    expect(Object.keys(made).sort()).toEqual(Object.keys(plain).sort());
    for (const [name, one] of Object.entries(plain)) expect(seen(made[name]), name).toEqual(seen(one));
  });

  it.each(['dynamodb', 'kms'])('are nearly all made so: %s', async (client) => {
    const file = join(projectRoot, 'node_modules/@aws-sdk', `client-${client}`, 'dist-es/models/errors.js');
    const text = withMadeErrors(await readFile(file, 'utf8'));
    const kept = text.match(/^export class/gm)?.length ?? 0;
    expect(text.match(/^export const/gm)?.length ?? 0).toBeGreaterThan(10 * kept);
  });

  it('stay as they are where they have another form', () => {
    const odd = 'export class OddError extends __BaseException {\n    retry = true;\n}';
    expect(withMadeErrors(odd)).toContain(odd);
  });
});
