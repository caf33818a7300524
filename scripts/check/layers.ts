/**
 * Who may import whom. A layer is told by the path; the list names the layers it may use besides itself.
 * Order of dependence: vocabulary <- contracts, domain <- store <- use cases <- edges <- composition roots. `lambda` is what the
 * composition roots of deployed functions have in common: it knows bodies and chains, but no capability.
 */
export const layerNames = [
  'vocabulary',
  'contracts',
  'domain',
  'runtime',
  'ports',
  'messaging',
  'store',
  'edge',
  'lambda',
  'use case',
  'function edge',
  'composition root',
  'iot',
  'infra',
  'scripts',
  'tests',
] as const;
export type LayerName = (typeof layerNames)[number];

const shared = ['vocabulary', 'contracts', 'domain', 'runtime', 'ports'] as const;

export const mayUse: Readonly<Record<LayerName, readonly LayerName[]>> = {
  vocabulary: [],
  contracts: ['vocabulary'],
  domain: ['vocabulary'],
  runtime: ['vocabulary'],
  ports: ['vocabulary'],
  messaging: [...shared, 'store'],
  store: shared,
  edge: [...shared, 'store', 'messaging'],
  lambda: [...shared, 'store', 'messaging', 'edge'],
  'use case': [...shared, 'store'],
  'function edge': [...shared, 'store', 'edge', 'use case'],
  'composition root': [...shared, 'store', 'messaging', 'edge', 'lambda', 'use case', 'function edge'],
  iot: ['vocabulary', 'contracts', 'domain', 'runtime', 'ports'],
  infra: ['vocabulary', 'contracts', 'domain', 'store', 'runtime', 'edge'],
  scripts: layerNames.filter((name) => name !== 'tests'),
  tests: layerNames,
};

const functionEdges = /^(api|events|stream|schedule)(-[a-z-]+)?\.ts$/;
/** `compose.ts` is what the roots of one machine and of a Lambda share of several capabilities. */
const compositionRoots = /^(compose|lambda(-[a-z-]+)?)\.ts$/;

const sharedLayer = (path: string): LayerName | undefined => {
  const folder = path.split('/')[1];
  if (path === 'shared/messaging/ports.ts') return 'ports';
  return layerNames.find((name) => name === folder);
};

/** Layer of a project file by its path from the root; undefined outside the source folders. */
export const layerOf = (path: string): LayerName | undefined => {
  const [top, second, third] = path.split('/');
  if (top === 'shared') return sharedLayer(path);
  // The deploy test drives the stacks from outside, as the tests do whose story it tells.
  if (top === 'scripts' && second === 'deploy-test') return 'tests';
  if (top === 'functions') {
    const name = path.split('/').at(-1) ?? '';
    if (third === undefined) return undefined;
    if (compositionRoots.test(name)) return 'composition root';
    return functionEdges.test(name) ? 'function edge' : 'use case';
  }
  return top === 'iot' || top === 'infra' || top === 'scripts' || top === 'tests' ? top : undefined;
};

/** The capability folder of a file in functions/. */
export const capabilityOf = (path: string): string | undefined => {
  const [top, capability, rest] = path.split('/');
  return top === 'functions' && rest !== undefined ? capability : undefined;
};

/** Packages without clock, random or I/O: the only ones that vocabulary, contracts and domain may use. */
export const purePackages: ReadonlySet<string> = new Set(['zod', 'temporal-polyfill', 'libphonenumber-js', 'saxes']);
export const pureLayers: ReadonlySet<LayerName> = new Set<LayerName>(['vocabulary', 'contracts', 'domain']);

/** What sets up and takes down an account speaks to every service of it; none of that runs in the product. */
export const administration = 'scripts/deploy/';

/** Packages with one importing home: the only file, below the folder named, that may import them. */
export const homes: readonly { readonly packages: RegExp; readonly folder: string }[] = [
  { packages: /^@aws-sdk\/(client|util)-dynamodb$/, folder: 'shared/store/' },
  { packages: /^@aws-sdk\/client-(?!dynamodb$)/, folder: 'shared/messaging/' },
  { packages: /^aws-iot-device-sdk-v2$/, folder: 'iot/' },
];
