import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import * as z from 'zod';
import { withoutDescriptions } from './lean-schemas.ts';

/** A Lambda has its credentials in the environment: no profiles, SSO, web identity, instance metadata, nor the clients of those. */
const credentials = '@aws-sdk/credential-provider-node';
/** How the SDK writes and reads streams of events; no function calls an operation that has one. */
const eventStreams = '@smithy/core/event-streams';

/** Keeps endpoints that DynamoDB tells on request; no client of ours asks for them. */
const endpointCache = '@aws-sdk/endpoint-cache';

/** Where the SDK hashes: by Node's crypto, and in JavaScript where that lacks the hash. */
const checksums =
  /[\\/](@smithy[\\/]core[\\/]dist-es[\\/]submodules[\\/]checksum[\\/](sha256|md5)|@aws-sdk[\\/]checksums[\\/]dist-es[\\/]submodules[\\/]sha([\\/]sha1)?)$/;

const Manifest = z.object({ version: z.string() });
const Groups = z.record(z.string(), z.string().optional());
const NumberingPlans = z.object({
  version: z.int(),
  country_calling_codes: z.record(z.string(), z.array(z.string())),
  countries: z.record(z.string(), z.array(z.unknown())),
  nonGeographic: z.record(z.string(), z.array(z.unknown())),
});

/** Place of the formats in a numbering plan of libphonenumber-js: how a number is printed, which no function does. */
const formatsAt = 4;

const withoutFormats = (plans: Readonly<Record<string, readonly unknown[]>>): Record<string, readonly unknown[]> =>
  Object.fromEntries(
    Object.entries(plans).map(([name, plan]) => [name, plan.map((part, at) => (at === formatsAt ? 0 : part))]),
  );

/** The numbering plans of libphonenumber-js as far as reading a number needs them. Throws where the package has others than we know. */
export const plansForReading = (text: string) => {
  const plans = NumberingPlans.parse(JSON.parse(text));
  if (plans.version !== 4)
    throw new Error(`numbering plans of version ${plans.version}: see what their formats are now`);
  return { ...plans, countries: withoutFormats(plans.countries), nonGeographic: withoutFormats(plans.nonGeographic) };
};

/**
 * The schemas of a client with the names of members written out. A client names them by constants (`{ [_h]: … }`), which the
 * bundler must take for an effect, and so keeps the schemas of every operation of the service for the two that are called.
 */
export const withPlainNames = (schemas: string): string => {
  const names = new Map([...schemas.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]));
  return schemas.replace(/([{,]\s*)\[(_\w+)\]:/g, (whole, before: string, name: string) => {
    const text = names.get(name);
    return text === undefined ? whole : `${before}${text}:`;
  });
};

const errorClass =
  /^export class (?<name>\w+) extends __BaseException \{\n {4}static shapeId = "(?<service>[\w.]+)#\k<name>";\n {4}name = "\k<name>";\n {4}\$fault = "(?<fault>\w+)";\n(?<members>(?: {4}\w+;\n)*) {4}constructor\(opts\) \{\n {8}super\(\{\n {12}name: "\k<name>",\n {12}\$fault: "\k<fault>",\n {12}\.\.\.opts,\n {8}\}\);\n {8}Object\.setPrototypeOf\(this, \k<name>\.prototype\);\n(?<set>(?: {8}this\.(\w+) = opts\.\w+;\n)*) {4}\}\n\}$/gm;

/** Makes one class of errors: what the classes of a client say at length, once. */
const errorMaker = `const errorOf = (service, name, fault, members) => {
  const made = class extends __BaseException {
    static shapeId = service + '#' + name;
    name = name;
    $fault = fault;
    constructor(opts) {
      super({ name, $fault: fault, ...opts });
      Object.setPrototypeOf(this, made.prototype);
      for (const member of members) this[member] = opts[member];
    }
  };
  return made;
};`;

/**
 * The errors of a client, each made by one function. A client registers the error classes of every operation of its service, some
 * 250 bytes each. A class of another form stays as it is.
 */
export const withMadeErrors = (errors: string): string => {
  const made = errors.replace(errorClass, (whole, ...found) => {
    const { name, service, fault, members = '', set = '' } = Groups.parse(found.at(-1));
    const declared = [...members.matchAll(/\w+/g)].map(([member]) => member);
    const copied = [...set.matchAll(/this\.(\w+) = opts\.(\w+);/g)].map(([, to, from]) =>
      to === from ? to : undefined,
    );
    if (declared.join() !== copied.join()) return whole;
    return `export const ${name} = /* @__PURE__ */ errorOf("${service}", "${name}", "${fault}", ${JSON.stringify(declared)});`;
  });
  return `${errorMaker}\n${made}`;
};

/**
 * A module of zod whose functions make JSON Schemas, with each of them refusing to: schemas carry the ways to make one along, and
 * only a function that says what its routes take goes there.
 */
export const withoutJsonSchemas = (module: string): string => {
  const declared = [...module.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name = '']) => name);
  const renamed = [...module.matchAll(/^export \{ \w+ as (\w+) \};$/gm)].map(([, name = '']) => name);
  return [
    "const refuse = () => { throw new TypeError('this function makes no JSON Schemas'); };",
    'const refusing = () => refuse;',
    ...[...declared, ...renamed].map((name, at) => {
      const made = name.startsWith('create') ? 'refusing' : 'refuse';
      return `const _${at} = ${made}; export { _${at} as ${name} };`;
    }),
  ].join('\n');
};

/**
 * Leaves out of bundles what packages bring for other places than a Lambda, and modules of ours that nothing uses (loading one has
 * no effect). What our code does stays the same, which tests hold. `root` is the project's folder.
 */
export const leanPackages = (root: string, options: { readonly jsonSchemas: boolean }): Plugin => ({
  name: 'lean-packages',
  setup(build) {
    if (!options.jsonSchemas) {
      const makers = /[\\/]zod[\\/]v4[\\/]core[\\/](json-schema-processors|to-json-schema)\.js$/;
      build.onLoad({ filter: makers }, async (file) => ({
        contents: withoutJsonSchemas(await readFile(file.path, 'utf8')),
        loader: 'js',
      }));
      build.onLoad({ filter: /[\\/]shared[\\/](contracts|vocabulary)[\\/].+\.ts$/ }, async ({ path }) => ({
        contents: withoutDescriptions(path, await readFile(path, 'utf8')),
        loader: 'ts',
      }));
    }
    build.onResolve({ filter: /^@(aws-sdk|smithy)\// }, ({ path }) => {
      if (path === credentials) return { path: join(root, 'shared/lambda/environment-credentials.ts') };
      if (path === endpointCache) return { path: join(root, 'shared/lambda/no-endpoint-cache.ts') };
      if (path === eventStreams) return { path: join(root, 'shared/lambda/no-event-streams.ts') };
      return undefined;
    });
    build.onResolve({ filter: /^\.\/(sha1\/)?(Sha256|Sha1|Md5)Js$/ }, ({ resolveDir }) =>
      checksums.test(resolveDir) ? { path: join(root, 'shared/lambda/no-hashes-in-script.ts') } : undefined,
    );
    // Both ways of naming a module say the same of it: what is known of one must not depend on who came first.
    build.onResolve({ filter: /^(#(shared|functions)|\.\.?)\/.*\.ts$/ }, ({ path, resolveDir }) => ({
      path: path.startsWith('#') ? join(root, path.slice(1)) : join(resolveDir, path),
      sideEffects: false,
    }));
    // The same modules, made for the language of today's engines: less code, and every function that keeps facts has them.
    build.onLoad({ filter: /[\\/]libphonenumber-js[\\/]es6[\\/].+\.js$/ }, async ({ path }) => ({
      contents: await readFile(path.replace(/([\\/])es6([\\/])/, '$1es6-modern$2'), 'utf8'),
      loader: 'js',
    }));
    // Clients take their version from their manifest, and nothing else.
    build.onLoad(
      { filter: /[\\/]node_modules[\\/]@(aws-sdk|smithy)[\\/][^\\/]+[\\/]package\.json$/ },
      async (file) => ({
        contents: JSON.stringify({ version: Manifest.parse(JSON.parse(await readFile(file.path, 'utf8'))).version }),
        loader: 'json',
      }),
    );
    build.onLoad(
      { filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ },
      async (file) => ({
        contents: withPlainNames(await readFile(file.path, 'utf8')),
        loader: 'js',
      }),
    );
    build.onLoad(
      { filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]models[\\/]errors\.js$/ },
      async (file) => ({
        contents: withMadeErrors(await readFile(file.path, 'utf8')),
        loader: 'js',
      }),
    );
    build.onLoad({ filter: /[\\/]libphonenumber-js[\\/]metadata\.min\.json\.js$/ }, async (file) => ({
      contents: JSON.stringify(plansForReading(await readFile(file.path.replace(/\.js$/, ''), 'utf8'))),
      loader: 'json',
    }));
  },
});
