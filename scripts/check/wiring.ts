import { capabilities, everythingRunning, type Running } from '#functions/capabilities.ts';
import type { FunctionDefinition } from '#functions/manifest/definition.ts';
import { functionNamed, functionNames } from '#functions/manifest.ts';

/** What runs on one machine, and what the manifest says of AWS. */
export interface Wired {
  /** Files of the project, by their paths. */
  readonly files: readonly string[];
  /** Capabilities that one machine runs. */
  readonly capabilities: readonly string[];
  readonly running: readonly Running[];
  readonly functions: ReadonlyMap<string, Pick<FunctionDefinition, 'runs' | 'on'>>;
}

/** Capabilities that neither one machine nor AWS knows. */
const unlisted = ({ files, capabilities: listed }: Wired): readonly string[] =>
  files.flatMap((path) => {
    const capability = /^functions\/([^/]+)\/capability\.ts$/.exec(path)?.[1];
    if (capability === undefined || listed.includes(capability)) return [];
    return [`${path}: nothing runs it: add it to functions/capabilities.ts`];
  });

/** Parts that one machine alone runs, or that AWS runs twice. Each pool of people has its own function for their tokens. */
const notInOneFunction = ({ running, functions }: Wired): readonly string[] =>
  running.flatMap(({ name }) => {
    const runners = [...functions].filter(([, { runs }]) => runs.some((run) => run === name));
    if (runners.length === 0) return [`${name}: no function runs it: add it to \`runs\` of one in functions/manifest/`];
    if (runners.length === 1 || runners.every(([, { on }]) => on.name?.by === 'sign-in')) return [];
    return [`${name}: runs in ${runners.map(([runner]) => runner).join(' and ')}: leave it in one`];
  });

/** What the function of a part is to be called by, where it is called by something else. */
const wantedCall = ({ one }: Running, { on }: Pick<FunctionDefinition, 'on'>): string | undefined => {
  if ('operations' in one)
    return on.api === undefined ? 'has operations, so the gateway calls it: say `api`' : undefined;
  if ('take' in one)
    return on.stream?.of === one.feed ? undefined : `takes changes of ${one.feed}, so say \`stream\` of ${one.feed}`;
  return on.api === undefined ? undefined : 'takes events of one kind, so say anything but `api`';
};

const calledOtherwise = (wired: Wired): readonly string[] =>
  [...wired.functions].flatMap(([name, definition]) =>
    definition.runs.flatMap((run) => {
      const running = wired.running.find((one) => one.name === run);
      if (running === undefined) return [`${name}: no capability has ${run}: take it from its \`runs\``];
      const wanted = wantedCall(running, definition);
      return wanted === undefined ? [] : [`${name}: ${run} ${wanted} in its \`on\``];
    }),
  );

/** Tables have streams, which two functions read at most. */
const mostReaders = 2;

const crowdedTables = ({ functions }: Wired): readonly string[] =>
  (['profile', 'readings', 'audit'] as const).flatMap((table) => {
    const readers = [...functions].flatMap(([name, { on }]) => (on.stream?.of === table ? [name] : []));
    if (readers.length <= mostReaders) return [];
    return [`${table}: ${readers.join(', ')} read its changes, and DynamoDB lets two: let one run what another does`];
  });

/** One machine remembers by its name how far a reader came. */
const sameNames = ({ running }: Wired): readonly string[] => {
  const names = running.flatMap(({ one }) => ('take' in one ? [one.name] : []));
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].map(
    (name) => `${name}: two readers go by this name on one machine: give one of them another`,
  );
};

/** Every part that is wired in one world alone or otherwise than it is made for, in a line that says what to do. */
export const wiringComplaints = (wired: Wired): readonly string[] => [
  ...unlisted(wired),
  ...notInOneFunction(wired),
  ...calledOtherwise(wired),
  ...crowdedTables(wired),
  ...sameNames(wired),
];

/** How this project is wired. */
export const projectWiring = (files: readonly string[]): Wired => ({
  files,
  capabilities: Object.keys(capabilities),
  running: everythingRunning,
  functions: new Map(functionNames.map((name) => [name, functionNamed(name)])),
});
