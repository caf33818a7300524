import type { APIGatewayProxyEvent } from 'aws-lambda';

/**
 * A gateway's event as the routes know it. The gateway's stage is the version of the API: its resource `/customers/{id}` at stage
 * `v1` is the route `/v1/customers/{id}`.
 */
export const withStage = (event: APIGatewayProxyEvent): APIGatewayProxyEvent => {
  const { stage } = event.requestContext;
  return { ...event, resource: `/${stage}${event.resource}`, path: `/${stage}${event.path}` };
};
