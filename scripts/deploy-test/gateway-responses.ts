import * as z from 'zod';
import type { StackTemplate } from './assembly.ts';

const extension = 'x-amazon-apigateway-gateway-responses';
const Described = z.record(
  z.string(),
  z.looseObject({
    statusCode: z.union([z.string(), z.number()]).optional(),
    responseParameters: z.record(z.string(), z.unknown()).optional(),
    responseTemplates: z.record(z.string(), z.unknown()).optional(),
  }),
);
const Body = z.looseObject({ [extension]: Described.optional() });

/** `DEFAULT_4XX` is `Default4xx` in a logical id. */
const logicalId = (type: string): string =>
  type
    .toLowerCase()
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

/**
 * The emulator drops what a body says of the gateway's own responses. In the copy they become resources of their own, before each
 * deployment of the API.
 */
export const splitGatewayResponses = (templates: readonly StackTemplate[]): void => {
  for (const { template } of templates) {
    const { Resources } = template;
    for (const [apiId, api] of Object.entries(Resources)) {
      if (api.Type !== 'AWS::ApiGateway::RestApi') continue;
      const described = Body.parse(api.Properties?.Body ?? {})[extension] ?? {};
      const ids = Object.entries(described).map(([type, response]) => {
        const id = `${apiId}${logicalId(type)}`;
        const { statusCode, responseParameters, responseTemplates } = response;
        Resources[id] = {
          Type: 'AWS::ApiGateway::GatewayResponse',
          Properties: {
            RestApiId: { Ref: apiId },
            ResponseType: type,
            ...(statusCode === undefined ? {} : { StatusCode: String(statusCode) }),
            ...(responseParameters === undefined ? {} : { ResponseParameters: responseParameters }),
            ...(responseTemplates === undefined ? {} : { ResponseTemplates: responseTemplates }),
          },
        };
        return id;
      });
      for (const resource of Object.values(Resources)) {
        if (resource.Type !== 'AWS::ApiGateway::Deployment') continue;
        const before = [resource.DependsOn ?? []].flat();
        resource.DependsOn = [...before, ...ids];
      }
    }
  }
};
