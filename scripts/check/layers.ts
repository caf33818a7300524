/**
 * Who may import whom. A layer is told by the path; the list names the layers it may use besides itself.
 * Order of dependence: vocabulary <- text, contracts, domain <- store <- use cases <- edges <- composition roots. The layers lie
 * inside each capability (`contract`, `rules`, `store`, its use cases and edges) as they do in `shared`. `list` is what names
 * something of every capability; `lambda` is what the composition roots of deployed functions have in common: it knows bodies and
 * chains, but no capability.
 */
export const layerNames = [
  'vocabulary',
  'text',
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
  'list',
  'iot',
  'infra',
  'local',
  'cli',
  'scripts',
  'tests',
] as const;
export type LayerName = (typeof layerNames)[number];

const shared = ['vocabulary', 'text', 'contracts', 'domain', 'runtime', 'ports'] as const;

export const mayUse: Readonly<Record<LayerName, readonly LayerName[]>> = {
  vocabulary: [],
  text: ['vocabulary'],
  contracts: ['vocabulary'],
  domain: ['vocabulary', 'text'],
  runtime: ['vocabulary'],
  ports: ['vocabulary'],
  messaging: [...shared, 'store'],
  store: [...shared, 'list'],
  edge: [...shared, 'store', 'messaging', 'list'],
  lambda: [...shared, 'store', 'messaging', 'edge', 'list'],
  'use case': [...shared, 'store', 'list'],
  'function edge': [...shared, 'store', 'edge', 'use case', 'list'],
  'composition root': [...shared, 'store', 'messaging', 'edge', 'lambda', 'use case', 'function edge', 'list'],
  list: [...shared, 'store', 'edge', 'lambda', 'use case', 'function edge', 'composition root'],
  iot: ['vocabulary', 'contracts', 'domain', 'runtime', 'ports'],
  infra: ['vocabulary', 'contracts', 'domain', 'store', 'runtime', 'edge', 'list'],
  local: layerNames.filter((name) => name !== 'tests'),
  cli: layerNames.filter((name) => name !== 'tests'),
  scripts: layerNames.filter((name) => name !== 'tests'),
  tests: layerNames,
};

/** Folders beside `shared` and `functions`, each a layer. */
const outside: ReadonlySet<LayerName> = new Set<LayerName>(['iot', 'infra', 'local', 'cli', 'scripts', 'tests']);

/** Folders of functions/ that hold no capability: the parts of the manifest. */
const listFolders: ReadonlySet<string> = new Set(['manifest']);

const functionEdges = /^(api|events|stream|schedule)(-[a-z-]+)?\.ts$/;
/** `capability.ts` wires what a capability has that runs; `compose.ts` is what several of those share. */
const compositionRoots = /^(capability|compose|lambda(-[a-z-]+)?)\.ts$/;

/** Lists that are of the layer of what they list; engines know them, and no names. */
const layersOfLists: Readonly<Record<string, LayerName>> = {
  'functions/fact-types.ts': 'contracts',
  'functions/view.ts': 'contracts',
  'functions/profile.ts': 'domain',
  'functions/digests.ts': 'domain',
};

/** Where the layers of a capability lie; all else in its folder are use cases and edges. */
const layersOfCapability: Readonly<Record<string, LayerName>> = {
  contract: 'contracts',
  rules: 'domain',
  store: 'store',
};

/** Layers of the engines, by folder; the first that fits. */
const engineLayers: readonly (readonly [folder: string, layer: LayerName])[] = [
  ['facts/values', 'domain'],
  ['facts', 'store'],
  ['profile/rules', 'domain'],
  ['profile/store', 'store'],
  ['access', 'domain'],
  ['table', 'store'],
];

const sharedLayer = (path: string): LayerName | undefined => {
  if (path === 'shared/messaging/ports.ts') return 'ports';
  const engine = engineLayers.find(([folder]) => path.startsWith(`shared/${folder}/`));
  return engine?.[1] ?? layerNames.find((name) => name === path.split('/')[1]);
};

/** Folders of scripts that drive what is deployed. */
const drivers: ReadonlySet<string> = new Set(['deploy-test', 'deployed', 'rehearse']);

/** Layer of a project file by its path from the root; undefined outside the source folders. */
export const layerOf = (path: string): LayerName | undefined => {
  const [top, second, third] = path.split('/');
  if (top === 'shared') return sharedLayer(path);
  // What drives deployed stacks from outside does as the tests do whose story it tells.
  if (top === 'scripts' && drivers.has(second ?? '')) return 'tests';
  if (top === 'functions') {
    const name = path.split('/').at(-1) ?? '';
    if (third === undefined || listFolders.has(second ?? '')) return layersOfLists[path] ?? 'list';
    const layer = layersOfCapability[third];
    if (layer !== undefined && path.split('/').length > 3) return layer;
    if (second === 'roots') return 'composition root';
    if (compositionRoots.test(name)) return 'composition root';
    return functionEdges.test(name) ? 'function edge' : 'use case';
  }
  return layerNames.find((name) => name === top && outside.has(name));
};

/** The capability folder of a file in functions/. */
export const capabilityOf = (path: string): string | undefined => {
  const [top, capability, rest] = path.split('/');
  return top === 'functions' && rest !== undefined && !listFolders.has(capability ?? '') ? capability : undefined;
};

/** What a capability may take of another: its contract, and what its README offers of its rules and its store. */
export const offeredLayers: ReadonlySet<LayerName> = new Set<LayerName>(['contracts', 'domain', 'store']);

/** Packages without clock, random or I/O: the only ones that vocabulary, contracts and domain may use. */
export const purePackages: ReadonlySet<string> = new Set(['zod', 'temporal-polyfill', 'libphonenumber-js', 'saxes']);
export const pureLayers: ReadonlySet<LayerName> = new Set<LayerName>(['vocabulary', 'text', 'contracts', 'domain']);

/** What sets up, drives and takes down an account speaks to every service of it; none of that runs in the product. */
export const administration: readonly string[] = ['scripts/deploy/', 'scripts/deployed/', 'scripts/rehearse/'];

/** Packages with one importing home: the only file, below the folder named, that may import them. */
export const homes: readonly { readonly packages: RegExp; readonly folder: string }[] = [
  { packages: /^@aws-sdk\/(client|util)-dynamodb$/, folder: 'shared/table/dynamo/' },
  { packages: /^@aws-sdk\/client-(?!dynamodb$)/, folder: 'shared/messaging/aws/' },
  { packages: /^aws-iot-device-sdk-v2$/, folder: 'iot/' },
];
