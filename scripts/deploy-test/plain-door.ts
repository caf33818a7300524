import { createServer } from 'node:http';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * A door without TLS to the keys of user pools, and to nothing else. The emulator's own gateway asks itself for them without TLS,
 * by this door as its proxy. The deployed functions are told to fetch them here: on AWS they fetch them from Cognito's own host,
 * which is not this machine.
 */
export interface PlainDoor {
  /** `http://127.0.0.1:<port>`; keys are below it at `/<pool>/.well-known/jwks.json`. */
  readonly url: string;
  close(): Promise<void>;
}

const keysPath = /^\/[\w-]+\/\.well-known\/jwks\.json$/;

/**
 * @param endpoint `https://127.0.0.1:<port>` of the emulator
 * @param authorityPem whom to trust there
 */
export const openPlainDoor = (endpoint: string, authorityPem: string): Promise<PlainDoor> =>
  new Promise((resolve, reject) => {
    const server = createServer((asked, answer) => {
      // A proxy is asked for a whole address.
      const { pathname } = new URL(asked.url ?? '/', endpoint);
      if (asked.method !== 'GET' || !keysPath.test(pathname)) {
        answer.writeHead(404).end();
        return;
      }
      const request = get(`${endpoint}${pathname}`, { ca: authorityPem }, (keys) => {
        answer.writeHead(keys.statusCode ?? 502, { 'Content-Type': 'application/json' });
        keys.pipe(answer);
      });
      request.on('error', () => answer.writeHead(502).end());
    });
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('no port'));
      const close = (): Promise<void> =>
        new Promise((done) => {
          server.close(() => done());
          server.closeAllConnections();
        });
      resolve({ url: `http://127.0.0.1:${address.port}`, close });
    });
  });
