import * as z from 'zod';
import { defineRoute } from '#shared/contracts/api/definition.ts';

/** Routes of the system itself; open to all, about nobody. */
export const platformRoutes = [
  defineRoute({
    operationId: 'readHealth',
    method: 'GET',
    path: '/v1/health',
    capability: 'platform',
    summary: 'Whether the API answers',
    act: 'public',
    subject: 'none',
    personal: false,
    response: z.object({ status: z.literal('ok'), version: z.string() }),
    marks: { status: 'plain', version: 'plain' },
  }),
  defineRoute({
    operationId: 'readOpenApi',
    method: 'GET',
    path: '/v1/openapi.json',
    capability: 'platform',
    summary: 'This API, described',
    act: 'public',
    subject: 'none',
    personal: false,
    response: z.looseObject({ openapi: z.string(), info: z.unknown(), paths: z.unknown(), components: z.unknown() }),
    marks: {
      openapi: 'plain',
      info: 'plain',
      servers: 'plain',
      security: 'plain',
      tags: 'plain',
      paths: 'plain',
      components: 'plain',
    },
  }),
];
