// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { api as platformApi } from '#functions/platform/capability.ts';
import { apiRoot } from '#shared/lambda/api.ts';
import { document } from '#shared/lambda/bodies/document.ts';

export const handler = apiRoot('platform', { document }, [platformApi]);
