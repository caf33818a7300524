import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { ask, type ConnectionOptions } from '#cli/connection.ts';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { type SignIn, tokenFor } from '#cli/sign-in.ts';
import { ImportState } from '#shared/vocabulary/statuses.ts';

const Import = z.object({
  id: z.string(),
  state: ImportState,
  run: z.int(),
  bytes: z.int(),
  readBytes: z.int(),
  counts: z.object({
    read: z.int(),
    sent: z.int(),
    unchanged: z.int(),
    aside: z.int(),
    byReads: z.int(),
    missing: z.int(),
    registerReads: z.object({ read: z.int(), sent: z.int(), unchanged: z.int(), aside: z.int() }),
    costs: z.int(),
    blocks: z.int(),
    errors: z.int(),
  }),
  points: z.object({ of: z.int(), made: z.int() }).optional(),
  waitsFor: z.string().optional(),
  failure: z.string().optional(),
  seen: z.string().optional(),
  upload: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }).optional(),
});
/** Where an import stands, as the API tells it. */
export type ImportStanding = z.infer<typeof Import>;

const ErrorPage = z.object({
  data: z.array(z.object({ line: z.int(), column: z.int(), code: z.string(), message: z.string() })),
  next: z.string().nullable(),
});

/** The client whose tokens may import: meter data comes from the head end. */
const headEnd: SignIn = { client: 'head-end' };
/** Staff who ask, and what for. */
export interface ImportAsker {
  readonly role?: string;
  readonly purpose?: string;
}
/** Seconds before another token is asked for; one of this machine lives for an hour. */
const tokenMilliseconds = 20 * 60_000;

/** The routes of imports, asked with patience: a system that stops answering on the way may be starting again. */
export class ImportApi {
  readonly #options: ConnectionOptions;
  readonly #who: SignIn;
  readonly #headers: Readonly<Record<string, string>>;
  #token: { readonly text: string; readonly until: number } | undefined;
  #hasAnswered = false;

  /** @param options `role` of staff who ask for what a program imported, and their `purpose`; else it is the head end that asks */
  constructor({ role, purpose, ...options }: ConnectionOptions & ImportAsker) {
    this.#options = options;
    this.#who = role === undefined ? headEnd : { role };
    this.#headers = purpose === undefined ? {} : { 'rotunda-purpose': purpose };
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (this.#token === undefined || this.#token.until < Date.now())
          this.#token = { text: await tokenFor(this.#options, this.#who), until: Date.now() + tokenMilliseconds };
        const answer = await ask(this.#options.url, {
          method,
          path,
          token: this.#token.text,
          headers: this.#headers,
          ...(body === undefined ? {} : { body }),
        });
        this.#hasAnswered = true;
        return answer;
      } catch (error) {
        const mayPass = error instanceof CommandFailure && isPassing(error);
        if (!mayPass || !this.#hasAnswered || attempt >= 60) throw error;
        await wait(1000);
      }
    }
  }

  async start(body: Readonly<Record<string, unknown>>): Promise<ImportStanding> {
    return Import.parse(await this.#ask('POST', '/v1/imports', body));
  }

  async show(id: string): Promise<ImportStanding> {
    return Import.parse(await this.#ask('GET', `/v1/imports/${encodeURIComponent(id)}`));
  }

  async undo(id: string, reason: string): Promise<ImportStanding> {
    return Import.parse(await this.#ask('POST', `/v1/imports/${encodeURIComponent(id)}/undo`, { reason }));
  }

  /** All errors of the last run, in the order of the file. */
  async *errors(id: string): AsyncGenerator<z.infer<typeof ErrorPage>['data'][number]> {
    let cursor = '';
    for (;;) {
      const path = `/v1/imports/${encodeURIComponent(id)}/errors?limit=100${cursor}`;
      const page = ErrorPage.parse(await this.#ask('GET', path));
      yield* page.data;
      if (page.next === null) return;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
  }
}

/** Whether a failure is of the line or of a system that starts: nothing answered, or 5xx. */
const isPassing = ({ exitCode, message }: CommandFailure): boolean =>
  exitCode === exitCodes.failed && (message.startsWith('nothing answers') || /^5\d\d\b|answered 5\d\d$/.test(message));

/** Puts the file to the address of its import; answers false where the line broke. Throws CommandFailure where it is refused. */
export const putFile = async (
  path: string,
  bytes: number,
  upload: NonNullable<ImportStanding['upload']>,
): Promise<boolean> => {
  let response: Response;
  try {
    response = await fetch(upload.url, {
      method: 'PUT',
      headers: { 'content-length': String(bytes), ...upload.headers },
      body: Readable.toWeb(createReadStream(path)),
      duplex: 'half',
    });
  } catch {
    return false;
  }
  const text = await response.text();
  if (response.ok) return true;
  throw new CommandFailure(exitCodes.failed, `the file was not taken: ${response.status} ${text.slice(0, 300)}`);
};
