import * as z from 'zod';
import { CommandFailure, exitCodes } from './exit-codes.ts';

/** Options that every command takes. */
export interface ConnectionOptions {
  readonly url: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** Where the commands look for Rotunda unless told otherwise. */
export const defaultUrl = 'http://127.0.0.1:8080';

/** A request to the API or to the operator's routes. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** Path below the address, with its query. */
  readonly path: string;
  readonly token: string | undefined;
  readonly body?: unknown;
  /** Sent as a form instead of JSON. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Says why a change is made; headers are ASCII, so all else is percent-encoded. */
export const reasonHeaders = (reason: string): Readonly<Record<string, string>> => ({
  'rotunda-reason': encodeURIComponent(reason),
});

const baseOf = (url: string): URL => {
  try {
    return new URL(url.endsWith('/') ? url : `${url}/`);
  } catch (cause) {
    throw new CommandFailure(exitCodes.wrongUse, `--url ${url} is no address`, { cause });
  }
};

const localHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** Whether an address is of this machine. */
export const isLocal = (url: string): boolean => localHosts.has(baseOf(url).hostname);

const bodyOf = ({ body, form }: ApiRequest): { readonly body?: string | URLSearchParams } => {
  if (form !== undefined) return { body: new URLSearchParams(form) };
  return body === undefined ? {} : { body: JSON.stringify(body) };
};

/** Sends a request; fails with a plain sentence where nothing answers. */
export const send = async (url: string, request: ApiRequest, signal?: AbortSignal): Promise<Response> => {
  const address = new URL(request.path.replace(/^\//, ''), baseOf(url));
  try {
    return await fetch(address, {
      method: request.method ?? 'GET',
      headers: {
        ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...bodyOf(request),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new CommandFailure(exitCodes.failed, `nothing answers at ${baseOf(url).origin} (is "npm start" running?)`, {
      cause,
    });
  }
};

const Problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
});

/** What problem+json says, as one line: status, title, detail, and the fields at fault. */
export const problemLine = (status: number, body: unknown): string => {
  const problem = Problem.safeParse(body);
  if (!problem.success) return `the server answered ${status}`;
  const { title, detail, code, errors } = problem.data;
  const parts = [...new Set([title, detail])].filter((part) => part !== undefined && part !== '');
  const fields = errors.map(({ pointer, message }) => `${pointer} ${message}`);
  const said = [...parts, ...fields].join('; ');
  return `${status}${code === undefined ? '' : ` ${code}`}: ${said === '' ? 'refused' : said}`;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const failureOf = (status: number, text: string): CommandFailure => {
  const refused = status === 401 || status === 403;
  return new CommandFailure(refused ? exitCodes.refused : exitCodes.failed, problemLine(status, parsed(text)));
};

/** The whole text of an answer; one that is cut off ends the command, as if none had come. */
const textOf = async (response: Response): Promise<string> => {
  try {
    return await response.text();
  } catch (cause) {
    throw new CommandFailure(exitCodes.failed, 'the answer was cut off', { cause });
  }
};

/** What a good answer says; undefined where it is empty. One that cannot be read ends the command: it says nothing. */
const answerOf = ({ ok, status }: Response, text: string): unknown => {
  if (!ok) throw failureOf(status, text);
  if (text === '') return undefined;
  const body = parsed(text);
  if (body === undefined)
    throw new CommandFailure(exitCodes.failed, `the server answered ${status} with what is no JSON`);
  return body;
};

/** Sends a request and reads the JSON answer; anything but 2xx ends the command (401 and 403 as refused). */
export const ask = async (url: string, request: ApiRequest): Promise<unknown> => {
  const response = await send(url, request);
  return answerOf(response, await textOf(response));
};

/** The same for what may not be there: undefined where the server says so (404), and in no other case. */
export const askIfThere = async (url: string, request: ApiRequest): Promise<unknown> => {
  const response = await send(url, request);
  const text = await textOf(response);
  return response.status === 404 ? undefined : (answerOf(response, text) ?? {});
};

/** Sends a request and reads the file it is answered with, byte by byte as it came; ends the command as `ask` does. */
export const fetchFile = async (
  url: string,
  request: ApiRequest,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> => {
  const response = await send(url, request);
  if (!response.ok) throw failureOf(response.status, await response.text());
  const [, name = ''] = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
};
