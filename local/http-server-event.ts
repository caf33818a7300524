import type { APIGatewayProxyEvent, APIGatewayProxyEventMultiValueHeaders } from 'aws-lambda';
import type { Matched } from './http-server-routing.ts';

/** A request as it came over the wire. `headers` are name, value, name, value…, as Node gives them. */
export interface WireRequest {
  readonly method: string;
  /** Path without query, as sent. */
  readonly path: string;
  /** Query without `?`, as sent. */
  readonly query: string;
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  readonly sourceIp: string;
  readonly requestId: string;
  /** Milliseconds. */
  readonly at: number;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text where the bytes are UTF-8, else base64: nothing is changed on the way. */
const bodyOf = (bytes: Uint8Array): { readonly body: string | null; readonly isBase64Encoded: boolean } => {
  if (bytes.byteLength === 0) return { body: null, isBase64Encoded: false };
  try {
    return { body: strict.decode(bytes), isBase64Encoded: false };
  } catch {
    return { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true };
  }
};

const headersOf = (raw: readonly string[]): APIGatewayProxyEventMultiValueHeaders => {
  const headers: Record<string, string[]> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    headers[name] = [...(headers[name] ?? []), raw[index + 1] ?? ''];
  }
  return headers;
};

const decodeQuery = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

/** Query by name; undefined where the percent-encoding is broken. */
export const parseQuery = (query: string): Record<string, string[]> | undefined => {
  const values = new Map<string, string[]>();
  try {
    for (const pair of query.split('&')) {
      if (pair === '') continue;
      const cut = pair.indexOf('=');
      const name = decodeQuery(cut < 0 ? pair : pair.slice(0, cut));
      values.set(name, [...(values.get(name) ?? []), cut < 0 ? '' : decodeQuery(pair.slice(cut + 1))]);
    }
  } catch {
    return undefined;
  }
  return Object.fromEntries(values);
};

const last = (many: Readonly<Record<string, string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(many).map(([name, values]) => [name, values?.at(-1) ?? '']));

/** The event API Gateway (REST, proxy integration) would make of a request. */
export const proxyEvent = (
  request: WireRequest,
  matched: Matched,
  query: Readonly<Record<string, string[]>>,
): APIGatewayProxyEvent => {
  const headers = headersOf(request.headers);
  const hasQuery = Object.keys(query).length > 0;
  return {
    resource: matched.resource,
    path: request.path,
    httpMethod: request.method,
    headers: last(headers),
    multiValueHeaders: headers,
    queryStringParameters: hasQuery ? last(query) : null,
    multiValueQueryStringParameters: hasQuery ? { ...query } : null,
    pathParameters: Object.keys(matched.pathParameters).length > 0 ? { ...matched.pathParameters } : null,
    stageVariables: null,
    ...bodyOf(request.body),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      authorizer: null,
      httpMethod: request.method,
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: request.sourceIp,
        user: null,
        userAgent: null,
        userArn: null,
      },
      path: request.path,
      protocol: 'HTTP/1.1',
      requestId: request.requestId,
      requestTimeEpoch: request.at,
      resourceId: matched.resource,
      resourcePath: matched.resource,
      stage: 'local',
    },
  };
};
