const keyBytes = 16;

/** A fresh idempotency key. `crypto.randomUUID` would be missing on a plain-HTTP address. */
function newRequestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(keyBytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Keys by what is asked: the same request again, after a lost answer, carries the same key and is done once. */
export function createRequestKeys(): (asked: unknown) => string {
  let last = { asked: '', key: '' };
  return (asked) => {
    const text = JSON.stringify(asked);
    if (text !== last.asked) last = { asked: text, key: newRequestKey() };
    return last.key;
  };
}
