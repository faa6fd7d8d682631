import type { CallFacts } from '#ports/access.ts';

const loopbackPeers = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);
const forwardedHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-server',
  'x-forwarded-prefix',
  'x-real-ip',
];

/** Whether an address or a Host header names this machine; anything that cannot be read does not. */
function namesLoopback(text: string): boolean {
  const address = text.includes('://') ? text : `http://${text}`;
  return URL.canParse(address) && loopbackNames.has(new URL(address).hostname);
}

/**
 * Whether a request without credentials may act as the demo (http.md §2): a neighbour in every respect, by its address,
 * by the names it uses, and not passed on by anybody.
 */
export function isNeighbour(facts: CallFacts, publicUrl: string | null): boolean {
  const host = facts.header('host');
  const origin = facts.header('origin');
  return (
    facts.peerAddress !== undefined &&
    loopbackPeers.has(facts.peerAddress) &&
    host !== undefined &&
    namesLoopback(host) &&
    (origin === undefined || namesLoopback(origin)) &&
    forwardedHeaders.every((name) => facts.header(name) === undefined) &&
    (publicUrl === null || namesLoopback(publicUrl))
  );
}
