/** The code of an error, or of the one it wraps, like ECONNREFUSED; null without one. Never its text, which may hold a secret. */
export function codeOf(error: unknown): string | null {
  const own = ownCode(error);
  if (own !== null || !(error instanceof Error)) return own;
  return ownCode(error.cause);
}

const ownCode = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
