import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import type { Clock } from '#shared/runtime/clock.ts';

interface Version {
  readonly id: string;
  readonly bytes: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly lock: { readonly mode: string; readonly until: string } | undefined;
}

/** What goes wrong with the next request of a kind: nothing is done, or it is done and the answer is lost. */
export type S3Fault = 'slow-down' | 'conflict' | 'answer-lost';

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

const lower = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

const checksumOf = (bytes: Buffer): string => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
};

/** One bucket with versions and object lock, spoken to as S3 is: conditions, locks, checksums and pages as S3 documents them. */
export class S3Server {
  readonly bucket = 'checkpoints';
  readonly versions = new Map<string, Version[]>();
  readonly requests: string[] = [];
  #written = 0;
  readonly #clock: Clock;
  readonly #pageSize: number;
  readonly #faults: { readonly method: string; readonly fault: S3Fault }[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  private constructor(clock: Clock, pageSize: number) {
    this.#clock = clock;
    this.#pageSize = pageSize;
  }

  static async start(clock: Clock, pageSize = 2): Promise<S3Server> {
    const server = new S3Server(clock, pageSize);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get endpoint(): string {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return `http://127.0.0.1:${address.port}`;
  }

  client(): S3Client {
    return new S3Client({
      endpoint: this.endpoint,
      forcePathStyle: true,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  }

  fail(method: 'GET' | 'HEAD' | 'PUT', fault: S3Fault): void {
    this.#faults.push({ method, fault });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    this.requests.push(method);
    const body = await readBody(request);
    const place = this.#faults.findIndex((planned) => planned.method === method);
    const fault = place < 0 ? undefined : this.#faults.splice(place, 1)[0]?.fault;
    try {
      if (fault === 'slow-down') throw new Refusal(503, 'SlowDown');
      if (fault === 'conflict') throw new Refusal(409, 'ConditionalRequestConflict');
      const url = new URL(request.url ?? '/', 'http://s3');
      const [, bucket, ...rest] = url.pathname.split('/').map(decodeURIComponent);
      if (bucket !== this.bucket) throw new Refusal(404, 'NoSuchBucket');
      const key = rest.join('/');
      const send =
        key === '' ? this.#listed(url.searchParams) : this.#object(method, key, request, body, url.searchParams);
      if (fault === 'answer-lost') request.socket.destroy();
      else send(response);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(error.status, { 'Content-Type': 'application/xml' });
      response.end(
        method === 'HEAD' ? undefined : `<Error><Code>${error.code}</Code><Message>${error.code}</Message></Error>`,
      );
    }
  }

  #listed(query: URLSearchParams): (response: ServerResponse) => void {
    return query.has('versions') ? this.#listVersions(query) : this.#list(query);
  }

  #object(
    method: string,
    key: string,
    request: IncomingMessage,
    body: Buffer,
    query: URLSearchParams,
  ): (response: ServerResponse) => void {
    if (method === 'PUT') return this.#put(key, request, body);
    if (method === 'DELETE') return this.#remove(key, query.get('versionId'));
    const version = this.versions.get(key)?.at(-1);
    if (version === undefined) throw new Refusal(404, 'NoSuchKey');
    return (response) => {
      response.writeHead(200, {
        ETag: version.etag,
        'Content-Length': version.bytes.byteLength,
        ...Object.fromEntries(Object.entries(version.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
        ...(version.lock === undefined
          ? {}
          : {
              'x-amz-object-lock-mode': version.lock.mode,
              'x-amz-object-lock-retain-until-date': version.lock.until,
            }),
      });
      response.end(method === 'HEAD' ? undefined : version.bytes);
    };
  }

  #put(key: string, request: IncomingMessage, bytes: Buffer): (response: ServerResponse) => void {
    const headers = request.headers;
    const [mode, until] = ['x-amz-object-lock-mode', 'x-amz-object-lock-retain-until-date'].map((name) =>
      lower(headers[name]),
    );
    if ((mode === undefined) !== (until === undefined)) throw new Refusal(400, 'InvalidArgument');
    if (until !== undefined && !(Date.parse(until) > this.#clock.now())) throw new Refusal(400, 'InvalidArgument');
    const sum = lower(headers['x-amz-checksum-crc32']);
    if (mode !== undefined && sum === undefined) throw new Refusal(400, 'InvalidRequest');
    if (sum !== undefined && sum !== checksumOf(bytes)) throw new Refusal(400, 'BadDigest');
    const held = this.versions.get(key) ?? [];
    const last = held.at(-1);
    if (headers['if-none-match'] === '*' && last !== undefined) throw new Refusal(412, 'PreconditionFailed');
    const match = lower(headers['if-match']);
    if (match !== undefined && last === undefined) throw new Refusal(404, 'NoSuchKey');
    if (match !== undefined && last?.etag !== match) throw new Refusal(412, 'PreconditionFailed');
    const metadata = Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), String(value)] as const] : [],
    );
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const lock = mode === undefined || until === undefined ? undefined : { mode, until };
    this.#written += 1;
    const id = `v${this.#written}`;
    this.versions.set(key, [...held, { id, bytes, etag, metadata: Object.fromEntries(metadata), lock }]);
    return (response) => {
      response.writeHead(200, { ETag: etag });
      response.end();
    };
  }

  /** A version for good, unless its lock keeps it. Without one S3 would lay a mark over the object; nothing here asks for that. */
  #remove(key: string, id: string | null): (response: ServerResponse) => void {
    if (id === null) throw new Refusal(400, 'InvalidArgument');
    const held = this.versions.get(key) ?? [];
    const version = held.find((one) => one.id === id);
    if (version?.lock !== undefined && Date.parse(version.lock.until) > this.#clock.now())
      throw new Refusal(403, 'AccessDenied');
    const left = held.filter((one) => one !== version);
    if (left.length === 0) this.versions.delete(key);
    else this.versions.set(key, left);
    return (response) => response.writeHead(204).end();
  }

  #listVersions(query: URLSearchParams): (response: ServerResponse) => void {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('version-id-marker');
    const all = [...this.versions.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort()
      .flatMap((key) => (this.versions.get(key) ?? []).map(({ id }) => ({ key, id })));
    // S3 goes on behind a marker also where that version was deleted meanwhile; ids of versions grow here.
    const left = all.filter(({ key, id }) => {
      const marker = query.get('key-marker');
      if (marker === null) return true;
      return key > marker || (key === marker && after !== null && Number(id.slice(1)) > Number(after.slice(1)));
    });
    const page = left.slice(0, this.#pageSize);
    const last = page.at(-1);
    const more = left.length > page.length;
    const rows = page.map(({ key, id }) => `<Version><Key>${key}</Key><VersionId>${id}</VersionId></Version>`).join('');
    const next = `<NextKeyMarker>${last?.key}</NextKeyMarker><NextVersionIdMarker>${last?.id}</NextVersionIdMarker>`;
    return (response) => {
      response.writeHead(200, { 'Content-Type': 'application/xml' });
      response.end(
        `<?xml version="1.0"?><ListVersionsResult><IsTruncated>${more}</IsTruncated>${more ? next : ''}${rows}</ListVersionsResult>`,
      );
    };
  }

  #list(query: URLSearchParams): (response: ServerResponse) => void {
    const prefix = query.get('prefix') ?? '';
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString();
    const keys = [...this.versions.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, this.#pageSize);
    const more = keys.length > page.length;
    const token = Buffer.from(page.at(-1) ?? '').toString('base64');
    const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
    return (response) => {
      response.writeHead(200, { 'Content-Type': 'application/xml' });
      response.end(
        `<?xml version="1.0"?><ListBucketResult><KeyCount>${page.length}</KeyCount><IsTruncated>${more}</IsTruncated>` +
          `${more ? `<NextContinuationToken>${token}</NextContinuationToken>` : ''}${contents}</ListBucketResult>`,
      );
    };
  }
}
