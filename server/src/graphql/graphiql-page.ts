import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { gzipSync } from 'node:zlib';

const welcome = `# Read and watch everything LedgerBridge does.
# Headers: {"authorization": "Bearer <api key>"}; in demo mode none is needed on this machine.

query NeedsMe {
  deadLetterGroups { title count amounts { amount currency } }
  invoices(first: 10) {
    nodes { number status statusReason }
  }
}

subscription Stream {
  syncEvents {
    ... on SyncEventBatch { cursor backlog events { at summary } }
    ... on StreamHeartbeat { completeUntil }
    ... on StreamGap { reason resumeFrom }
  }
}
`;

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

/** 9 MB of text; made once, kept compressed. */
function page(): Uint8Array<ArrayBuffer> {
  compressed ??= new Uint8Array(
    gzipSync(
      renderGraphiQL({
        title: 'LedgerBridge GraphiQL',
        endpoint: '/graphql',
        subscriptionsProtocol: 'WS',
        defaultQuery: welcome,
      }),
    ),
  );
  return compressed;
}

/** Whether a browser asks for the page rather than for data. */
export function wantsGraphiql(request: Request): boolean {
  if (request.method !== 'GET' || new URL(request.url).searchParams.has('query')) return false;
  return (request.headers.get('accept') ?? '').includes('text/html');
}

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
