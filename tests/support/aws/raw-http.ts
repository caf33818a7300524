import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const readAnswer = (bytes: Buffer): RawAnswer => {
  const text = bytes.toString('utf8');
  const cut = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, cut).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { status: Number(first.split(' ')[1]), headers, body: text.slice(cut + 4) };
};

/** Sends bytes as they stand to a port of this machine and reads until the other side closes; rejects after 10 seconds. */
export const sendBytes = (port: number, bytes: Uint8Array): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('no answer within 10 seconds'));
    }, 10_000);
    socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    // The other side may close while a large body is still being sent.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      if (chunks.length === 0) reject(new Error('closed without an answer'));
      else resolve(readAnswer(Buffer.concat(chunks)));
    });
  });

/** One request, bytes of the body as they stand; headers are name, value, name, value… and may repeat. */
export const requestBytes = (request: {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: string | Uint8Array;
}): Uint8Array => {
  const body = Buffer.from(request.body);
  const all = [
    ...['host', '127.0.0.1', 'connection', 'close'],
    ...request.headers,
    ...(body.byteLength === 0 ? [] : ['content-length', String(body.byteLength)]),
  ];
  const lines = all.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${all[index + 1] ?? ''}`] : []));
  const head = `${request.method} ${request.target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
};
