import { createHash, createHmac } from 'node:crypto';

/** Who signs: credentials of AWS as the SDK gives them. */
export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface PresignedRequest {
  readonly method: 'GET' | 'PUT';
  /** Address of the object, without a query. */
  readonly address: URL;
  readonly region: string;
  readonly credentials: SigningCredentials;
  /** Headers the caller has to send as they are here, beside `host`; names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds it is good for, from `now` (milliseconds). */
  readonly seconds: number;
  readonly now: number;
}

const hmac = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
/** RFC 3986: AWS takes no more than its unreserved characters as they are. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * A request to S3 signed in its query, for a caller without credentials (AWS Signature Version 4, "Authenticating Requests: Using
 * Query Parameters"). The body is not signed: what it must be is for a signed header to say.
 */
export const presigned = (request: PresignedRequest): URL => {
  const { method, address, region, credentials, seconds, now } = request;
  const at = new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = `${at.slice(0, 8)}/${region}/s3/aws4_request`;
  const headers: readonly (readonly [string, string])[] = Object.entries({
    ...request.headers,
    host: address.host,
  }).sort(([left], [right]) => (left < right ? -1 : 1));
  const names = headers.map(([name]) => name).join(';');
  const query = Object.entries({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': at,
    'X-Amz-Expires': String(seconds),
    ...(credentials.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': credentials.sessionToken }),
    'X-Amz-SignedHeaders': names,
  })
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const told = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = [method, address.pathname, query, told, names, 'UNSIGNED-PAYLOAD'].join('\n');
  const text = ['AWS4-HMAC-SHA256', at, scope, hash(canonical)].join('\n');
  const key = [region, 's3', 'aws4_request'].reduce<Buffer>(
    hmac,
    hmac(`AWS4${credentials.secretAccessKey}`, at.slice(0, 8)),
  );
  const signed = new URL(address);
  signed.search = `?${query}&X-Amz-Signature=${hmac(key, text).toString('hex')}`;
  return signed;
};
