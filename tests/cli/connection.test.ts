import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, askIfThere } from '#cli/connection.ts';

describe('a command that asks the server', () => {
  let server: Server | undefined;
  const answering = async (answer: (response: ServerResponse) => void): Promise<string> => {
    const opened = createServer((_request, response) => answer(response));
    server = opened;
    await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
    const address = opened.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return `http://127.0.0.1:${address.port}`;
  };
  afterEach(() => server?.close());

  const path = '/v1/meters/feed:1';
  const cutOff = (response: ServerResponse) => {
    response.writeHead(200, { 'content-length': '400' });
    response.write('{"id":"mtr_', () => response.destroy());
  };

  it('takes a thing for missing where the server says so, and in no other case', async () => {
    const none = await answering((response) => response.writeHead(404).end('{"title":"Not found"}'));
    expect(await askIfThere(none, { path, token: undefined })).toBeUndefined();
  });

  it('gives what the server says of a thing that is there', async () => {
    const one = await answering((response) => response.writeHead(200).end('{"id":"one"}'));
    expect(await askIfThere(one, { path, token: undefined })).toEqual({ id: 'one' });
  });

  it.each([
    ['is no JSON', (response: ServerResponse) => response.writeHead(200).end('<html>'), 'what is no JSON'],
    ['is cut off', cutOff, 'cut off'],
    ['is a failure', (response: ServerResponse) => response.writeHead(503).end(), 'the server answered 503'],
  ])(
    'ends where the answer %s: it says neither that a thing is there nor that it is not',
    async (_what, answer, said) => {
      const url = await answering(answer);
      await expect(askIfThere(url, { path, token: undefined })).rejects.toThrow(said);
      await expect(ask(url, { path, token: undefined })).rejects.toThrow(said);
    },
  );
});
