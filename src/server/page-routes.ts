/** The page itself and what runs left, to be looked at in a browser that may ask nobody else for anything. */
import type { FastifyInstance } from 'fastify';
import { readBundle } from '../report/page/page-assets.ts';
import { REPORT_FILE } from '../run/run-folder.ts';
import { TOKEN_COOKIE } from './admission.ts';
import { RequestError } from './request-error.ts';
import { openRunFile } from './run-files.ts';

const NOTHING_ELSE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PAGE_POLICY = `${NOTHING_ELSE}; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self'`;
/** A report holds its own script, and words of models and strangers: in a sandbox it has no way to this server. */
const REPORT_POLICY = `${NOTHING_ELSE}; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:; connect-src data: blob:; worker-src blob:; sandbox allow-scripts allow-downloads allow-popups`;

const ASSETS: Readonly<Record<string, string>> = { 'live.js': 'text/javascript; charset=utf-8', 'live-sound.js': 'text/javascript; charset=utf-8', 'live.css': 'text/css; charset=utf-8' };

const INDEX = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>bottalk</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/live.css">
<script src="/live.js" defer></script>
</head>
<body>
<noscript>This page shows calls as they happen, which takes JavaScript.</noscript>
</body>
</html>
`;

export type PageOptions = { readonly runsFolder: string; readonly token: string | undefined };

export function pageRoutes(app: FastifyInstance, { runsFolder, token }: PageOptions): void {
  app.get<{ Querystring: { token?: string } }>('/', (request, reply) => {
    // The token is taken out of the address, where others may see it, and kept where no script can.
    if (token !== undefined && request.query.token !== undefined) {
      return reply.header('set-cookie', `${TOKEN_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict`).redirect('/', 303);
    }
    return reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY).send(INDEX);
  });
  for (const [name, type] of Object.entries(ASSETS)) app.get(`/${name}`, (_request, reply) => reply.type(type).send(readAsset(name)));
  app.get<{ Params: { run: string; file: string } }>('/runs/:run/:file', (request, reply) => {
    const { run, file } = request.params;
    const found = openRunFile(runsFolder, { run, file, range: request.headers.range });
    if (!found) throw new RequestError(404, 'Not Found');
    const { type, sizeBytes, range, stream } = found;
    if (file === REPORT_FILE) reply.header('content-security-policy', REPORT_POLICY);
    if (range) reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${sizeBytes}`);
    return reply.type(type).header('accept-ranges', 'bytes').header('content-length', range ? range.end - range.start + 1 : sizeBytes).send(stream);
  });
}

function readAsset(name: string): Buffer {
  try {
    return readBundle(name);
  } catch {
    throw new RequestError(404, 'the page was not built: npm run build');
  }
}
