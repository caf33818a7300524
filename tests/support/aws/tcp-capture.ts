import { type AddressInfo, connect, createServer } from 'node:net';

export interface Capture {
  readonly port: number;
  /** Bytes the client sent, in order. */
  readonly sent: Buffer[];
  close(): void;
}

/** A wire tap: passes a connection on and keeps what the client sent. */
export const tap = (port: number): Promise<Capture> =>
  new Promise((resolve) => {
    const sent: Buffer[] = [];
    const server = createServer((client) => {
      const onward = connect(port, '127.0.0.1');
      client.on('data', (chunk) => sent.push(Buffer.from(chunk)));
      client.pipe(onward).pipe(client);
      client.on('error', () => onward.destroy());
      onward.on('error', () => client.destroy());
    });
    server.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port');
      resolve({ port: address.port, sent, close: () => server.close() });
    });
  });

/** Sends bytes as they stand and resolves when the other side has closed. */
export const sendRaw = (port: number, chunks: readonly Buffer[]): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      for (const chunk of chunks) socket.write(chunk);
    });
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.on('close', () => resolve());
  });
