import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { securityHeaders } from '#shared/edge/answer.ts';
import type { HttpHandler } from '#shared/edge/http.ts';
import { problemOf } from '#shared/edge/problem.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { parseQuery, proxyEvent } from './http-server-event.ts';
import { pathMatcher } from './http-server-routing.ts';

/** Answers what is below a prefix by itself: the sign-in, the docs, the operator's routes. */
export type MountedHandler = (request: IncomingMessage, response: ServerResponse, path: string) => void | Promise<void>;

export interface LocalServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** From now on the handler answers the routes; before, everything below /v1 is 503. */
  serveApi(routes: readonly RouteDefinition[], handler: HttpHandler): void;
  /** With `patient` a request below the prefix may last as long as something of it comes. */
  mount(prefix: `/${string}`, handler: MountedHandler, patient?: 'patient'): void;
  /** Takes no more requests, lets those running end (2 seconds), then closes. */
  close(): Promise<void>;
}

/** What API Gateway allows, and this server too. Bytes, milliseconds. */
export const gatewayLimits = { headerBytes: 16_384, bodyBytes: 10 * 1024 * 1024, timeout: 29_000 } as const;

/** Milliseconds within which a request has to be here whole; one of a patient mount may pause so long. */
const wholeRequest = 30_000;

const localHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Sends a problem document of the server itself. */
export const sendProblem = (
  response: ServerResponse,
  refusal: DomainError,
  requestId: string,
  status?: number,
): void => {
  const problem = problemOf(refusal, { requestId });
  const answered = status ?? problem.status;
  response.writeHead(answered, {
    ...securityHeaders,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'X-Request-Id': requestId,
    ...(problem.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(problem.retryAfterSeconds) }),
  });
  response.end(JSON.stringify({ ...problem.body, status: answered }));
};

/** Reads a body whole; DomainError (413) where it is larger than a number of bytes. */
export const readBytes = async (request: IncomingMessage, most: number): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size > most) throw new DomainError('too-large', 'body.too-large', `The body may have ${most} bytes at most.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

const contextOf = (requestId: string, startedAt: number): Context => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'local',
  functionVersion: '1',
  invokedFunctionArn: 'local',
  memoryLimitInMB: '512',
  awsRequestId: requestId,
  logGroupName: 'local',
  logStreamName: 'local',
  getRemainingTimeInMillis: () => startedAt + gatewayLimits.timeout - systemClock.now(),
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});

const sendResult = (response: ServerResponse, result: APIGatewayProxyResult): void => {
  const headers = Object.fromEntries(
    Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const body = Buffer.from(result.body, result.isBase64Encoded === true ? 'base64' : 'utf8');
  const empty = result.statusCode === 204 || result.statusCode === 304;
  response.writeHead(result.statusCode, empty ? headers : { ...headers, 'Content-Length': body.byteLength });
  response.end(empty ? undefined : body);
};

interface Api {
  readonly match: ReturnType<typeof pathMatcher>;
  readonly handler: HttpHandler;
}

const starting = (): DomainError =>
  new DomainError('unavailable', 'service.starting', 'The system is starting; try again shortly.', {
    retryAfterSeconds: 1,
  });

const answerApi = async (
  api: Api | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  place: { readonly path: string; readonly query: string; readonly requestId: string },
): Promise<void> => {
  if (api === undefined) throw starting();
  const startedAt = systemClock.now();
  const body = await readBytes(request, gatewayLimits.bodyBytes);
  const query = parseQuery(place.query);
  if (query === undefined)
    throw new DomainError('syntax', 'query.encoding', 'The query is not encoded as it should be.');
  const event = proxyEvent(
    {
      ...place,
      method: request.method ?? 'GET',
      headers: request.rawHeaders,
      body,
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
      at: startedAt,
    },
    api.match(place.path) ?? { resource: place.path, pathParameters: {} },
    query,
  );
  sendResult(response, await api.handler(event, contextOf(place.requestId, startedAt)));
};

type CountRefusal = (refusal: DomainError) => void;

const refuseWire = (error: Error & { readonly code?: string }, socket: Duplex, count: CountRefusal): void => {
  if (!socket.writable) return;
  const large = error.code === 'HPE_HEADER_OVERFLOW';
  const status = large ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const refusal = large
    ? new DomainError('syntax', 'headers.too-large', 'The headers are too large.')
    : new DomainError('syntax', 'request.unreadable', 'That is no HTTP request.');
  count(refusal);
  const problem = problemOf(refusal, { requestId: randomUUID() });
  const body = JSON.stringify({ ...problem.body, status: large ? 431 : 400 });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json; charset=utf-8\r\nCache-Control: no-store\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
};

/** Refuses a request that is not here whole in time; a patient one only where nothing of it comes for so long. */
const limitTime = (
  request: IncomingMessage,
  { milliseconds, isPatient }: { readonly milliseconds: number; readonly isPatient: boolean },
  count: CountRefusal,
): void => {
  const { socket } = request;
  let seen = socket.bytesRead;
  const timer = setTimeout(() => {
    if (request.complete) return;
    const isComing = socket.bytesRead > seen;
    seen = socket.bytesRead;
    if (isPatient && isComing) timer.refresh();
    else refuseWire(new Error('the request is not here whole in time'), socket, count);
  }, milliseconds);
  request.once('close', () => clearTimeout(timer));
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('the server has no port'));
    });
  });

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), 2000);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });

/**
 * One HTTP server on this machine that does API Gateway's part: finds the resource, makes the proxy event, keeps its limits.
 * It answers for 127.0.0.1 alone, whatever name a page of elsewhere gives it.
 */
export const startHttpServer = async (options: {
  readonly port: number;
  readonly metrics?: Metrics;
  /** Milliseconds within which a request has to be here whole (30,000). */
  readonly wholeRequest?: number;
}): Promise<LocalServer> => {
  const mounts = new Map<string, { readonly handler: MountedHandler; readonly isPatient: boolean }>();
  let api: Api | undefined;
  /** What is refused before the chain is asked is counted as the chain counts its refusals. */
  const count: CountRefusal = ({ code }) => options.metrics?.count('request.refused', { code, route: 'none' });

  const answer = async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const host = (request.headers.host ?? '').replace(/:[0-9]+$/, '');
    if (!localHosts.has(host)) {
      const refusal = new DomainError('syntax', 'host.unknown', 'This server is not of that name.');
      count(refusal);
      sendProblem(response, refusal, requestId, 421);
      return;
    }
    const [path = '/', ...rest] = (request.url ?? '/').split('?');
    const [prefix, mount] = [...mounts].find(([one]) => path === one || path.startsWith(`${one}/`)) ?? [''];
    const milliseconds = options.wholeRequest ?? wholeRequest;
    limitTime(request, { milliseconds, isPatient: mount?.isPatient === true }, count);
    if (mount !== undefined) await mount.handler(request, response, path.slice(prefix.length));
    else if (path === '/') response.writeHead(302, { ...securityHeaders, Location: '/docs' }).end();
    else await answerApi(api, request, response, { path, query: rest.join('?'), requestId });
  };

  const server = createServer(
    {
      maxHeaderSize: gatewayLimits.headerBytes,
      // Kept by `limitTime`: a large file may take longer than any other request.
      requestTimeout: 0,
      headersTimeout: 10_000,
      keepAliveTimeout: 5000,
      // A request without a name is refused like one of another name.
      requireHostHeader: false,
    },
    (request, response) => {
      const requestId = randomUUID();
      answer(request, response, requestId).catch((error: unknown) => {
        if (response.headersSent || response.destroyed) {
          response.destroy();
          return;
        }
        if (!request.complete) response.setHeader('Connection', 'close');
        const refusal =
          error instanceof DomainError
            ? error
            : new DomainError('internal', 'internal', 'The request failed here; its id helps to find out why.');
        count(refusal);
        sendProblem(response, refusal, requestId);
      });
    },
  );
  server.on('clientError', (error, socket) => refuseWire(error, socket, count));
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    serveApi: (routes, handler) => {
      api = { match: pathMatcher(routes.map((route) => route.path)), handler };
    },
    mount: (prefix, handler, patient) => {
      mounts.set(prefix, { handler, isPatient: patient === 'patient' });
    },
    close: () => closeServer(server),
  };
};
