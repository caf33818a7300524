import { expect, it } from 'vitest';
import { proxyEvent } from '#local/http-server-event.ts';
import { withStage } from '#shared/edge/gateway-event.ts';

const eventOf = (path: string, stage: string) => {
  const event = proxyEvent(
    {
      method: 'GET',
      path,
      query: '',
      headers: [],
      body: new Uint8Array(),
      sourceIp: '192.0.2.1',
      requestId: 'r',
      at: 0,
    },
    { resource: '/customers/{id}', pathParameters: { id: 'cus_1' } },
    {},
  );
  return { ...event, requestContext: { ...event.requestContext, stage } };
};

it('an event of the gateway names the route with its version, at the address of the gateway and at an own one', () => {
  for (const path of ['/customers/cus_1', '/v1/customers/cus_1']) {
    const { resource, path: called } = withStage(eventOf(path, 'v1'));
    expect([resource, called]).toEqual(['/v1/customers/{id}', '/v1/customers/cus_1']);
  }
  expect(withStage(eventOf('/v10/cus_1', 'v1')).path).toBe('/v1/v10/cus_1');
});
