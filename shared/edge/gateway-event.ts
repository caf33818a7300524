import type { APIGatewayProxyEvent } from 'aws-lambda';

/**
 * A gateway's event as the routes know it. The gateway's stage is the version of the API: its resource `/customers/{id}` at stage
 * `v1` is the route `/v1/customers/{id}`. At an own address the path that was called names the version already.
 */
export const withStage = (event: APIGatewayProxyEvent): APIGatewayProxyEvent => {
  const prefix = `/${event.requestContext.stage}`;
  const path = event.path.startsWith(`${prefix}/`) ? event.path : `${prefix}${event.path}`;
  return { ...event, resource: `${prefix}${event.resource}`, path };
};
