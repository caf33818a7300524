/**
 * One line of JSON for each request. It tells which method was called, how it went and how long it took, and nothing of the
 * person: no address and no agent of the caller (a customer's own are personal data; floods are the firewall's matter), no path
 * as sent and no query (they hold ids and what was searched for), no claim but the client's id, which names an app. Who looked at
 * whose data stands in the audit, found by the request id.
 */
const fields: Readonly<Record<string, string>> = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  resourcePath: '$context.resourcePath',
  status: '$context.status',
  errorType: '$context.error.responseType',
  clientId: '$context.authorizer.claims.client_id',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  integrationRequestId: '$context.integration.requestId',
  firewallStatus: '$context.waf.status',
  protocol: '$context.protocol',
  tlsVersion: '$context.tlsVersion',
  traceId: '$context.xrayTraceId',
};

/** Format of the gateway's access log. */
export const accessLogFormat: string = JSON.stringify(fields);
