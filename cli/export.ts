import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { connectedCommand, type Options, readingOptions } from './command.ts';
import { fetchFile } from './connection.ts';
import { tokenFor } from './sign-in.ts';
import type { Terminal } from './terminal.ts';

const formats = ['green-button', 'csv', 'nem12'] as const;

type ExportOptions = Options<{
  readonly role: string;
  readonly purpose: string;
  readonly format: (typeof formats)[number];
  readonly from?: string;
  readonly to?: string;
  readonly register?: string;
  readonly out?: string;
}>;

const pathOf = (point: string, { format, from, to, register }: ExportOptions): string => {
  const query = new URLSearchParams();
  const asked = { ...(format === 'green-button' ? {} : { format }), from, to, register };
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) query.set(name, value);
  const route = format === 'green-button' ? 'green-button' : 'usage-file';
  return `/v1/service-points/${encodeURIComponent(point)}/${route}${query.size === 0 ? '' : `?${query}`}`;
};

const exportReadings = async (point: string, options: ExportOptions, terminal: Terminal): Promise<void> => {
  const token = await tokenFor(options, { role: options.role });
  const headers = { 'rotunda-purpose': options.purpose };
  const { name, bytes } = await fetchFile(options.url, { path: pathOf(point, options), token, headers });
  const { out } = options;
  if (out === undefined) {
    const text = Buffer.from(bytes).toString('utf8');
    terminal.out(options.json ? JSON.stringify({ name, bytes: bytes.byteLength, text }) : text.replace(/\r?\n$/, ''));
    return;
  }
  await writeFile(out, bytes);
  terminal.out(
    options.json
      ? JSON.stringify({ name, bytes: bytes.byteLength, file: out })
      : `${out}: ${bytes.byteLength} bytes written`,
  );
};

/** `rotunda export`: the readings of a service point as a file, as `rotunda import` and others read it. */
export const exportCommand = (terminal: Terminal): Command =>
  readingOptions(
    connectedCommand(
      'export',
      'write the readings of a service point to a file that others can read (import takes green-button as espi)',
    ),
  )
    .argument('<id>', 'service point: its id, or a reference to it (namespace:value)')
    .addOption(new Option('--format <format>', 'format of the file').choices(formats).makeOptionMandatory())
    .option('--from <time>', 'first instant or local date (else twelve whole months and that of --to)')
    .option('--to <time>', 'instant or local date after the last (else now)')
    .option('--register <name>', 'one register alone')
    .option('--out <file>', 'file to write (else the text is printed)')
    .action((point: string, options: ExportOptions) => exportReadings(point, options, terminal));
