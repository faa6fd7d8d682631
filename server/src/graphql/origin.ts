const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Host name of an address or of a Host header, without the port; null when it is none. */
function hostNameOf(text: string): string | null {
  try {
    return new URL(text.includes('://') ? text : `http://${text}`).hostname;
  } catch {
    return null;
  }
}

/** Whether a name means this machine. */
const isLoopbackName = (name: string | null): boolean => name !== null && loopbackNames.has(name);

const hostOf = (address: string): string | null => {
  try {
    return new URL(address).host;
  } catch {
    return null;
  }
};

/**
 * Whether a page of that origin may open a socket: our own pages, by the host asked for or the public address, and pages
 * of this machine asking this machine. No origin means no browser, and a key protects that by itself.
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  publicUrl: string,
): boolean {
  if (origin === undefined) return true;
  const from = hostOf(origin);
  if (from === null) return false;
  if (from === host || from === hostOf(publicUrl)) return true;
  return isLoopbackName(hostNameOf(origin)) && isLoopbackName(hostNameOf(host ?? ''));
}
