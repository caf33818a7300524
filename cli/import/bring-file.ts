import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectionOptions } from '#cli/connection.ts';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { readablePacking } from '#cli/open-file.ts';
import type { Terminal } from '#cli/terminal.ts';
import { ErrorsFile } from './errors-file.ts';
import { ImportApi, type ImportAsker, type ImportStanding, putFile } from './import-api.ts';
import type { ImportOptions } from './import-options.ts';
import { loadMapping } from './load-mapping.ts';
import { Progress } from './progress.ts';

const resting: ReadonlySet<ImportStanding['state']> = new Set(['done', 'failed', 'undone']);
/** Milliseconds between two looks at an import: each leaves an entry in the audit, so they are the rarer the longer it takes. */
const [firstLook, lookEvery] = [300, 5000];

const measure = async (path: string): Promise<{ readonly bytes: number; readonly sha256: string }> => {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path)) {
    const part = Buffer.from(piece);
    bytes += part.byteLength;
    hash.update(part);
  }
  return { bytes, sha256: hash.digest('hex') };
};

/** Looks until nothing is left to do. */
const follow = async (api: ImportApi, first: ImportStanding, terminal: Terminal): Promise<ImportStanding> => {
  const progress = new Progress(first, Date.now());
  let standing = first;
  for (let pause = firstLook; !resting.has(standing.state); pause = Math.min(pause * 1.2, lookEvery)) {
    await wait(pause);
    standing = await api.show(standing.id);
    const line = progress.line(standing, Date.now());
    if (line !== undefined) terminal.note(line);
    if (standing.state === 'new') return standing;
  }
  return standing;
};

const bring = async (
  api: ImportApi,
  path: string,
  asked: Readonly<Record<string, unknown>> & { readonly bytes: number },
  terminal: Terminal,
): Promise<ImportStanding> => {
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    const started = await api.start(asked);
    if (started.upload !== undefined && !(await putFile(path, asked.bytes, started.upload))) {
      await wait(1000);
      continue;
    }
    const standing = await follow(api, await api.show(started.id), terminal);
    if (standing.state !== 'new') return standing;
  }
  throw new CommandFailure(exitCodes.failed, `${path} could not be handed in; the same command begins again`);
};

const tell = async (api: ImportApi, standing: ImportStanding, options: ImportOptions, terminal: Terminal) => {
  const file = options.errors === undefined ? undefined : await ErrorsFile.create(options.errors);
  let told = 0;
  try {
    for await (const error of api.errors(standing.id)) {
      told += 1;
      await file?.add(error);
      if (told <= 20 && !options.json)
        terminal.note(`line ${error.line}, column ${error.column}: ${error.code}: ${error.message}`);
      if (told === 20 && file === undefined) break;
    }
  } finally {
    await file?.close();
  }
  const more = standing.counts.errors - 20;
  if (more > 0 && !options.json) terminal.note(`… and ${more} more (--errors writes all to a file)`);
};

const sumUp = ({ id, counts }: ImportStanding): string => {
  const { registerReads: reads, byReads, missing, costs } = counts;
  const more = [
    ...(byReads > 0 ? [`${byReads} told by register reads`] : []),
    ...(missing > 0 ? [`${missing} without a value`] : []),
    ...(reads.read > 0
      ? [
          `${reads.read} register reads: ${reads.sent} stored, ${reads.unchanged} there before, ${reads.aside} kept aside`,
        ]
      : []),
    ...(costs > 0
      ? [`${costs} ${costs === 1 ? 'cost, tier or summary' : 'costs, tiers or summaries'} kept aside`]
      : []),
  ];
  const intervals = `${counts.read} intervals, ${counts.sent} stored in ${counts.blocks} blocks, ${counts.unchanged} there before, ${counts.aside} kept aside`;
  return `${id}: ${[intervals, ...more].join('; ')}`;
};

/** What is said of an import that failed, and what to do. */
const failures: Readonly<Record<string, string>> = {
  'file.unreadable': 'the file says it is packed with gzip and cannot be unpacked to its end; pack it again',
  'file.packed': 'the file is packed otherwise than with gzip; unpack it, or pack it with gzip',
  'file.too-many-series': 'the file names more than 200,000 series; hand it in as several files',
  'file.too-large': 'the file holds more than is read when it is unpacked; hand it in as several files',
  'file.too-long': 'the file is too long to be looked through at once; hand it in as several files',
  'file.not-sent': 'the file was announced and never came; the same command begins again',
  'file.gone': 'the file is kept no longer; the same command hands it in again',
  'import.not-stored': 'some of what was sent was not stored in time; the same command sends what is missing',
  'import.forgotten': 'it told of somebody who was erased since; hand in a file without them',
  'import.expired': 'what it brought is written down no longer, so it cannot be taken back',
};
const whyFailed = ({ failure = 'no reason given', seen }: ImportStanding): string => {
  const words = failure === 'file.dates-swapped' ? `${seen ?? ''} (--force)` : failures[failure];
  return words === undefined ? failure : `${words} (${failure})`;
};

/** Imports a file into the running system and waits until it is stored. Throws CommandFailure where not all of it was taken. */
export const bringFile = async (
  path: string,
  options: ImportOptions & ConnectionOptions,
  terminal: Terminal,
): Promise<void> => {
  const { format, mapping, createMissing = false, force = false } = options;
  if ((format === 'csv') !== (mapping !== undefined))
    throw new CommandFailure(
      exitCodes.wrongUse,
      format === 'csv'
        ? 'a CSV file needs --mapping (--propose prints one to begin with)'
        : '--mapping goes with --format csv',
    );
  const api = new ImportApi(options);
  await readablePacking(path);
  const file = await measure(path);
  if (file.bytes === 0) throw new CommandFailure(exitCodes.refused, `${path} is empty`);
  const layout = mapping === undefined ? {} : { mapping: await loadMapping(mapping) };
  const standing = await bring(api, path, { format, ...layout, createMissing, force, ...file }, terminal);
  if (standing.state === 'failed')
    throw new CommandFailure(exitCodes.failed, `${sumUp(standing)}; it failed: ${whyFailed(standing)}`);
  await tell(api, standing, options, terminal);
  terminal.out(options.json ? JSON.stringify(standing) : sumUp(standing));
  const { sent, unchanged, registerReads, errors } = standing.counts;
  if (errors === 0) return;
  if (sent + unchanged + registerReads.sent + registerReads.unchanged === 0)
    throw new CommandFailure(exitCodes.refused, `${path} was refused: nothing was stored`);
  throw new CommandFailure(
    exitCodes.partlyDone,
    errors === 1
      ? '1 part of the file was not taken as written'
      : `${errors} parts of the file were not taken as written`,
  );
};

/** Takes an import back and waits until that is done. */
export const undoImport = async (
  id: string,
  { reason, ...options }: ConnectionOptions & ImportAsker & { readonly reason: string },
  terminal: Terminal,
): Promise<void> => {
  const api = new ImportApi(options);
  const standing = await follow(api, await api.undo(id, reason), terminal);
  if (standing.state !== 'undone')
    throw new CommandFailure(exitCodes.failed, `${id} is ${standing.state}: ${whyFailed(standing)}`);
  terminal.out(options.json ? JSON.stringify(standing) : `${id} was taken back`);
};
