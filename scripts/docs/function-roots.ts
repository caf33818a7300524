import { everythingRunning, type Running } from '#functions/capabilities.ts';
import type { Body } from '#functions/capability.ts';
import type { FunctionDefinition } from '#functions/manifest/definition.ts';
import { type FunctionName, functionNamed, functionNames } from '#functions/manifest.ts';
import type { Pages } from './pages.ts';

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Where the opener of a body lies. */
const openerOf = (body: Body): string =>
  body === 'importPoints' ? '#functions/imports/lambda-points-asked.ts' : `#shared/lambda/bodies/${kebab(body)}.ts`;

const partsOf = (name: string): readonly [capability: string, constant: string] => {
  const [capability, constant] = name.split('.');
  if (capability === undefined || constant === undefined) throw new RangeError(`${name} is no part of a capability`);
  return [capability, constant];
};

const runningNamed = (name: string): Running['one'] => {
  const found = everythingRunning.find((running) => running.name === name);
  if (found === undefined) throw new RangeError(`the manifest names ${name}, which no capability has`);
  return found.one;
};

const rootKind = ({ on }: FunctionDefinition): readonly [root: string, module: string] => {
  if (on.api !== undefined) return ['apiRoot', 'api'];
  return on.stream !== undefined && on.stream.of !== 'telemetry' ? ['readerRoot', 'root'] : ['handlerRoot', 'root'];
};

const longestLine = 120;

/** The call of a root on one line, or as the formatter breaks it. */
const callOf = (root: string, given: readonly string[], runs: readonly string[]): string => {
  const line = `export const handler = ${root}(${given.join(', ')});`;
  if (line.length <= longestLine) return line;
  if (root !== 'handlerRoot')
    return line.replace(given.at(-1) ?? '', `[\n${runs.map((one) => `  ${one},\n`).join('')}]`);
  return `export const handler = ${root}(\n${given.map((one) => `  ${one},\n`).join('')});`;
};

const rootOf = (name: FunctionName): string => {
  const definition = functionNamed(name);
  const running = definition.runs.map(runningNamed);
  const bodies = [...new Set<Body>(running.flatMap(({ needs }) => needs))].toSorted();
  const [root, from] = rootKind(definition);
  const local = (part: string): string => {
    const [capability, constant] = partsOf(part);
    const words = `${capability}-${kebab(constant)}`.split('-');
    return words.map((word, at) => (at === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join('');
  };
  const imports = [
    ...definition.runs.map((part) => {
      const [capability, constant] = partsOf(part);
      return [`#functions/${capability}/capability.ts`, `${constant} as ${local(part)}`] as const;
    }),
    [`#shared/lambda/${from}.ts`, root] as const,
    ...bodies.map((body) => [openerOf(body), body] as const),
  ];
  const lines = [...new Set(imports.map(([from]) => from))].toSorted().map((module) => {
    const names = imports.filter(([one]) => one === module).map(([, what]) => what);
    return `import { ${names.toSorted().join(', ')} } from '${module}';`;
  });
  const runs = definition.runs.map(local);
  const list = root === 'handlerRoot' ? runs.join(', ') : `[${runs.join(', ')}]`;
  const given = [`'${name}'`, `{ ${bodies.join(', ')} }`, list];
  return [
    '// Made by `npm run docs` from functions/manifest.ts; changes here are lost.',
    ...lines,
    '',
    callOf(root, given, runs),
    '',
  ].join('\n');
};

/** The composition root of each deployed function. */
export const functionRoots = (): Pages =>
  new Map(functionNames.map((name) => [`functions/roots/${name}.ts`, rootOf(name)] as const));
