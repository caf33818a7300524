import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CalledBy } from '#functions/manifest/definition.ts';
import { type FunctionName, functionNamed, functionNames, stackOf } from '#functions/manifest.ts';
import { generatedNote } from './markdown.ts';
import type { Pages } from './pages.ts';

const path = 'ARCHITECTURE.md';
const begin = generatedNote('functions/manifest.ts');
const end = '<!-- End of what is generated. -->';

const callers: Readonly<Record<CalledBy['name']['by'], string>> = {
  operator: 'the operator',
  function: 'another function',
  iot: 'IoT Core',
  'sign-in': 'Cognito',
};

const code = (text: string): string => `\`${text}\``;

/** What calls a function, as words. */
const callsOf = (name: FunctionName): readonly string[] => {
  const { api, stream, queue, file, schedule, name: named } = functionNamed(name).on;
  return [
    ...(api === undefined ? [] : [`the gateway, for routes of ${code(api.answers ?? name)}`]),
    ...(stream === undefined ? [] : [stream.of === 'telemetry' ? 'the telemetry stream' : `changes of ${stream.of}`]),
    ...(queue === undefined ? [] : [`the queue of ${queue.of}`]),
    ...(file === undefined ? [] : [`a file of ${file.of} that came`]),
    ...(schedule === undefined ? [] : [code(schedule.expression)]),
    ...(named === undefined ? [] : [callers[named.by] + ('of' in named ? `, for ${named.of}` : '')]),
  ];
};

const rowOf = (name: FunctionName): string => {
  const { runs, memoryMb, seconds } = functionNamed(name);
  const cells = [
    code(name),
    runs.map(code).join(', '),
    callsOf(name).join('; '),
    `${memoryMb} MB, ${seconds} s`,
    stackOf(name),
  ];
  return `| ${cells.join(' | ')} |`;
};

const functionTable = (): string =>
  [
    '| function | runs | called by | memory, time | stack |',
    '| --- | --- | --- | --- | --- |',
    ...functionNames.map(rowOf),
  ].join('\n');

/** A page with the table put between its marks. Throws where it has not both of them. */
export const withFunctionTable = (page: string): string => {
  const [before, held, ...more] = page.split(begin);
  const after = held?.split(end)[1];
  if (before === undefined || after === undefined || more.length > 0) {
    throw new RangeError(
      `${path} has no place for the table of functions: put "${begin}" and "${end}" where it belongs`,
    );
  }
  return `${before}${begin}\n\n${functionTable()}\n\n${end}${after}`;
};

/** ARCHITECTURE.md with the functions as the manifest lists them; all else of it is written by hand. */
export const architecturePage = (root: string): Pages =>
  new Map([[path, withFunctionTable(readFileSync(join(root, path), 'utf8'))]]);
