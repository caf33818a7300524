import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fieldCodes, problemPages } from '#shared/edge/problem-codes.ts';
import type { MountedHandler } from './http-server.ts';

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** The files of Swagger UI that are served, and nothing else of the package. */
const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'oauth2-redirect.html': 'text/html; charset=utf-8',
  'oauth2-redirect.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Scripts of this server alone; styles inline too, since Swagger UI sets them. */
export const docsHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

const page = (title: string, body: string, head = ''): string =>
  `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${title}</title><link rel="icon" href="/docs/favicon-32x32.png">${head}</head>\n<body>${body}</body>\n</html>\n`;

const explorer = page(
  'Rotunda API',
  '<div id="api"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>',
  '<link rel="stylesheet" href="/docs/swagger-ui.css">',
);

/** Starts Swagger UI with the sign-in of this machine: code with PKCE, by the public client of the docs. */
const starter = `const ui = SwaggerUIBundle({
  url: '/v1/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  oauth2RedirectUrl: location.origin + '/docs/oauth2-redirect.html',
});
ui.initOAuth({ clientId: 'docs', scopes: 'rotunda/api', usePkceWithAuthorizationCodeGrant: true });
`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text for HTML. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

const problemPage = (code: string): string | undefined => {
  const known = Object.hasOwn(problemPages, code) ? problemPages[code] : undefined;
  if (known === undefined) return undefined;
  const body = `<h1>${escapeHtml(code)}</h1><p>${escapeHtml(known.meaning)}</p><h2>What to do</h2><p>${escapeHtml(known.remedy)}</p><p><a href="/docs/problems">All problems</a></p>`;
  return page(`Problem ${escapeHtml(code)}`, body);
};

const problemList = (): string =>
  page(
    'Problems',
    `<h1>Problems</h1><ul>${Object.entries(problemPages)
      .map(([code, { meaning }]) => `<li><a href="/docs/problems/${code}">${code}</a>: ${escapeHtml(meaning)}</li>`)
      .join(
        '',
      )}</ul><h2>Complaints about a field</h2><p>In <code>errors</code>, each with a JSON pointer.</p><ul>${Object.entries(
      fieldCodes,
    )
      .map(([code, meaning]) => `<li>${code}: ${escapeHtml(meaning)}</li>`)
      .join('')}</ul>`,
  );

interface Served {
  readonly type: string;
  readonly body: string | Uint8Array;
}

const html = (body: string): Served => ({ type: 'text/html; charset=utf-8', body });

const find = async (path: string): Promise<Served | undefined> => {
  if (path === '' || path === '/') return html(explorer);
  if (path === '/start.js') return { type: 'text/javascript; charset=utf-8', body: starter };
  if (path === '/problems') return html(problemList());
  if (path.startsWith('/problems/')) {
    const found = problemPage(path.slice('/problems/'.length));
    return found === undefined ? undefined : html(found);
  }
  const name = path.slice(1);
  const type = Object.hasOwn(assets, name) ? assets[name] : undefined;
  return type === undefined ? undefined : { type, body: await readFile(join(folder, name)) };
};

/** `/docs`: the API with try-it, and a page for each problem. */
export const docsHandler = (): MountedHandler => async (request, response, path) => {
  const found = request.method === 'GET' || request.method === 'HEAD' ? await find(path) : undefined;
  if (found === undefined) {
    response.writeHead(404, { ...docsHeaders, 'Content-Type': 'text/html; charset=utf-8' });
    response.end(page('Not found', '<h1>There is no such page</h1><p><a href="/docs">Docs</a></p>'));
    return;
  }
  response.writeHead(200, { ...docsHeaders, 'Content-Type': found.type });
  response.end(request.method === 'HEAD' ? undefined : found.body);
};
