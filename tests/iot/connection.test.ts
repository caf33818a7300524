import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateRefused, type ConnectionOptions, connectDevice, jitteredWait } from '#iot/connection.ts';
import { type BrokerUnderTest, enrol, meterA, startTestBroker, topicOf } from '#tests/support/meters/device-broker.ts';
import { until } from '#tests/support/recorders.ts';

let under: BrokerUnderTest;
beforeAll(async () => {
  under = await startTestBroker();
});
afterAll(() => under.close());
const optionsOf = async (): Promise<ConnectionOptions> => ({
  ...(await enrol(under.registry, meterA)),
  endpoint: '127.0.0.1',
  port: under.broker.port,
  thing: meterA,
  caPem: under.registry.authorityPem,
  connectAttempts: 1,
});

describe('a meter’s connection by the device SDK', () => {
  it('publishes over mutual TLS, and each message resolves at its acknowledgement', async () => {
    const link = await connectDevice(await optionsOf());
    const texts = Array.from({ length: 50 }, (_, index) => `block ${index}`);
    await Promise.all(texts.map((text) => link.publish(topicOf(meterA), Buffer.from(text))));
    await link.close();
    expect(under.stream.records.map(({ data }) => Buffer.from(data).toString())).toEqual(texts);
    expect(new Set(under.stream.records.map(({ partitionKey }) => partitionKey))).toEqual(new Set([meterA]));
  });

  it('hears its commands', async () => {
    const link = await connectDevice(await optionsOf());
    const heard: string[] = [];
    await link.subscribe(`cmd/rotunda/${meterA}/read-now/req`, (_topic, payload) =>
      heard.push(Buffer.from(payload).toString()),
    );
    await under.broker.send(`cmd/rotunda/${meterA}/read-now/req`, Buffer.from('{"id":1}'));
    await until('the command', () => heard.length > 0);
    await link.close();
    expect(heard).toEqual(['{"id":1}']);
  });

  it('says that it cannot connect where its certificate is not taken', async () => {
    const options = await optionsOf();
    const stranger = await enrol(under.registry, meterA);
    await under.registry.revoke(meterA, stranger.fingerprint);
    await expect(connectDevice({ ...options, ...stranger })).rejects.toThrow(CertificateRefused);
  });

  // The SDK's TLS waits ten to thirty seconds after certificates did not fit.
  it('says the same where the broker is of another authority', { timeout: 60_000 }, async () => {
    const authority = await startTestBroker();
    const caPem = authority.registry.authorityPem;
    await expect(connectDevice({ ...(await optionsOf()), caPem })).rejects.toThrow(CertificateRefused);
    await authority.close();
  });

  it('says otherwise that it cannot connect where nobody answers, or who answers hangs up', async () => {
    const options = await optionsOf();
    const hangingUp = createServer((socket) => socket.destroy());
    await new Promise<void>((done) => hangingUp.listen(0, '127.0.0.1', done));
    const address = hangingUp.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    const failed = (other: object): Promise<unknown> =>
      connectDevice({ ...options, ...other }).then(
        () => 'connected',
        (error: unknown) => error,
      );
    const failures = [await failed({ port })];
    await new Promise((done) => hangingUp.close(done));
    failures.push(await failed({ port }), await failed({ endpoint: 'nowhere.invalid' }));
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(Error);
      expect(failure).not.toBeInstanceOf(CertificateRefused);
    }
  });

  it('sends again, over the next connection, what was not acknowledged when the line was lost', async () => {
    const link = await connectDevice({ ...(await optionsOf()), reconnectSeconds: 1 });
    const lines: boolean[] = [];
    link.onLine((up) => lines.push(up));
    under.stream.before = () => Promise.reject(new Error('disk full'));
    const published = link.publish(topicOf(meterA), Buffer.from('kept'));
    await until('the loss of the line', () => lines.includes(false));
    under.stream.before = async () => {};
    await published;
    await link.close();
    expect(Buffer.from(under.stream.records.at(-1)?.data ?? []).toString()).toBe('kept');
    expect(lines.slice(0, 2)).toEqual([false, true]);
  });
});

describe('the waits of a meter that cannot connect', () => {
  it('are drawn below a limit that doubles from two seconds up to the longest', () => {
    const limits: number[] = [];
    for (let attempt = 1; attempt <= 30; attempt += 1)
      jitteredWait(attempt, 2100, (limit) => {
        limits.push(limit);
        return 0;
      });
    expect(limits.slice(0, 4)).toEqual([2000, 4000, 8000, 16_000]);
    expect(limits.at(-1)).toBe(2_100_000);
  });
});
