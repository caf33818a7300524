import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { projectRoot } from '#scripts/check/project-files.ts';
import { openApiDocument } from '#shared/contracts/api/openapi.ts';
import type { Pages } from './pages.ts';

/** The API as OpenAPI 3.1, without the address of any one deployment. */
export const openApiPages = (): Pages => {
  const manifest = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));
  const document = openApiDocument(routes, { version: manifest.version });
  return new Map([['docs/openapi.json', `${JSON.stringify(document, undefined, 2)}\n`]]);
};
