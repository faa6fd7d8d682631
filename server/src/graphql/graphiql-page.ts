import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readRecipes } from './recipes.ts';

/** Everything is in the page itself, scripts included, so it needs a policy of its own and no other host. */
const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  'font-src data:',
  'worker-src blob:',
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

let compressed: Uint8Array<ArrayBuffer> | null = null;

const starting = 'YogaGraphiQL.renderYogaGraphiQL(';

/** The page as Yoga makes it, started by our own script: it signs the person in and brings the recipes. */
function html(): string {
  const made = renderGraphiQL({ title: 'LedgerBridge' });
  const at = made.lastIndexOf(starting);
  const end = made.indexOf('</script>', at);
  if (at === -1 || end === -1) throw new Error('the GraphiQL page is not started as expected');
  const script = readFileSync(path.join(import.meta.dirname, 'playground.js'), 'utf8');
  const tabs = readRecipes().map(({ query, variables }) => ({ query, variables }));
  const given = { title: 'LedgerBridge', endpoint: '/graphql', recipes: tabs };
  // Nothing in the text can end the script early.
  const call = `startPlayground(${JSON.stringify(given).replaceAll('<', '\\u003c')});`;
  return `${made.slice(0, at)}${script}${call}${made.slice(end)}`;
}

/** 9 MB of text; made once, kept compressed. */
function page(): Uint8Array<ArrayBuffer> {
  compressed ??= new Uint8Array(gzipSync(html()));
  return compressed;
}

/** Whether a browser asks for the page rather than for data; an address may bring the document it opens with. */
export const wantsGraphiql = (request: Request): boolean =>
  request.method === 'GET' && (request.headers.get('accept') ?? '').includes('text/html');

/** GraphiQL, without any other server (api-and-web.md §1.3). */
export const graphiqlResponse = (): Response =>
  new Response(page(), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
      'content-security-policy': policy,
      'cache-control': 'no-cache',
      vary: 'accept, accept-encoding',
    },
  });
