import { createRequire } from 'node:module';
import { z } from 'zod';
import { toInstant } from '#core/brand.ts';
import type { Clock } from '#ports/clock.ts';
import type { Tokens } from '#ports/credentials.ts';
import { exchanges, guardAxiosOf } from './library.ts';

export type QuickBooksOAuthOptions = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly revokeUrl: string;
  readonly environment: 'sandbox' | 'production';
  readonly clock: Clock;
};

/** Getting, renewing and giving back access to a QuickBooks company. */
export interface QuickBooksOAuth {
  /** Where a person gives consent; `state` comes back with the answer. */
  authorizationUrl(state: string): string;
  /** Trades the code of a consent for tokens; a code works once. */
  exchange(code: string, realmId: string): Promise<Tokens>;
  /** New tokens for old ones. Throws `AccessLapsed` when QuickBooks does not take the refresh token any more. */
  refresh(held: Tokens): Promise<Tokens>;
  /** Ends the connection; a token that is dead already is fine. */
  revoke(token: string): Promise<void>;
}

/** The refresh token is dead: a person must connect the company again. */
export class AccessLapsed extends Error {}

/** The token server could not be asked, or answered something else; nothing is known about the tokens. */
export class TokenServerFailed extends Error {}

/** intuit-oauth as it is used here; its own types make every answer `any`. */
type Library = {
  setAuthorizeURLs(urls: {
    readonly authorizeEndpoint: string;
    readonly tokenEndpoint: string;
    readonly revokeEndpoint: string;
    readonly userInfoEndpoint: string;
  }): unknown;
  authorizeUri(params: { readonly scope: readonly string[]; readonly state: string }): string;
  createToken(uri: string): Promise<unknown>;
  refreshUsingToken(refreshToken: string): Promise<unknown>;
  revoke(params: { readonly access_token: string }): Promise<unknown>;
};
type Constructor = (new (options: {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly environment: 'sandbox' | 'production';
}) => Library) & { retryConfig: { maxRetries: number } };

const isConstructor = (value: unknown): value is Constructor =>
  typeof value === 'function' && 'retryConfig' in value;

const scope = 'com.intuit.quickbooks.accounting';
const tokenCallDeadlineMs = 10_000;

/** Where intuit-oauth asks who the user is; the bridge never does, but the library wants it said. */
const userInfoEndpoint = {
  sandbox: 'https://sandbox-accounts.platform.intuit.com/v1/openid_connect/userinfo',
  production: 'https://accounts.platform.intuit.com/v1/openid_connect/userinfo',
} as const;

/** OAuth over intuit-oauth with the endpoints given; holds no token itself. */
export function createQuickBooksOAuth(options: QuickBooksOAuthOptions): QuickBooksOAuth {
  const open = opener(options);
  return {
    authorizationUrl: (state) => open().authorizeUri({ scope: [scope], state }),
    exchange: async (code, realmId) => {
      const query = new URLSearchParams({ code, realmId });
      const answer = await asked(() => open().createToken(`?${query.toString()}`));
      return tokensFrom(answer, null, options.clock);
    },
    refresh: (held) => refresh(open, held, options.clock),
    revoke: async (token) => {
      await asked(() => open().revoke({ access_token: token })).catch((error: unknown) => {
        if (!(error instanceof AccessLapsed)) throw error;
      });
    },
  };
}

/** Endpoints are static in the library, so they are set before every use. */
function opener(options: QuickBooksOAuthOptions): () => Library {
  const library: unknown = createRequire(import.meta.url)('intuit-oauth');
  if (!isConstructor(library)) throw new Error('intuit-oauth does not export its constructor');
  guardAxiosOf('intuit-oauth');
  // The library would send a refresh again by itself; after a rotation that loses the connection (quickbooks.md §1.4).
  library.retryConfig.maxRetries = 0;
  return () => {
    const { clientId, clientSecret, redirectUri, environment } = options;
    const client = new library({ clientId, clientSecret, redirectUri, environment });
    client.setAuthorizeURLs({
      authorizeEndpoint: options.authorizeUrl,
      tokenEndpoint: options.tokenUrl,
      revokeEndpoint: options.revokeUrl,
      userInfoEndpoint: userInfoEndpoint[environment],
    });
    return client;
  };
}

/** The value before the last rotation gets one try: a crash may have lost the newer one (quickbooks.md §1.4). */
async function refresh(open: () => Library, held: Tokens, clock: Clock): Promise<Tokens> {
  try {
    const answer = await asked(() => open().refreshUsingToken(held.refreshToken));
    return tokensFrom(answer, held, clock);
  } catch (error) {
    const previous = held.previousRefreshToken;
    if (!(error instanceof AccessLapsed) || previous === null) throw error;
    const answer = await asked(() => open().refreshUsingToken(previous));
    return tokensFrom(answer, held, clock);
  }
}

const tokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number(),
  x_refresh_token_expires_in: z.number().optional(),
});

/** Documented life of a refresh token, where the answer does not say (quickbooks.md §1.2). */
const refreshTokenSeconds = 8_726_400;

function tokensFrom(answer: unknown, held: Tokens | null, clock: Clock): Tokens {
  const parsed = z.looseObject({ body: z.unknown(), json: z.unknown() }).safeParse(answer);
  const token = tokenAnswer.safeParse(parsed.data?.json);
  if (!token.success) throw new TokenServerFailed('the token server answered without tokens');
  const { access_token, refresh_token, expires_in, x_refresh_token_expires_in } = token.data;
  const inSeconds = (seconds: number) => toInstant(clock.now() + seconds * 1_000);
  const isSame = held === null || held.refreshToken === refresh_token;
  return {
    accessToken: access_token,
    refreshToken: refresh_token,
    previousRefreshToken: isSame ? (held?.previousRefreshToken ?? null) : held.refreshToken,
    accessExpiresAt: inSeconds(expires_in),
    refreshExpiresAt: inSeconds(x_refresh_token_expires_in ?? refreshTokenSeconds),
  };
}

/** Runs one call to the token server within its deadline; errors come out without tokens, codes or secrets. */
async function asked(call: () => Promise<unknown>): Promise<unknown> {
  const state = {
    signal: AbortSignal.timeout(tokenCallDeadlineMs),
    deadlineMs: tokenCallDeadlineMs,
    body: null,
    response: undefined,
  };
  return exchanges.run(state, async () => {
    try {
      return await call();
    } catch {
      throw tokenFailure(state.response);
    }
  });
}

const refusedAnswer = z.looseObject({
  status: z.number(),
  data: z.looseObject({ error: z.string().optional() }).nullish().catch(null),
});

/** `invalid_grant` and an empty 400 mean a dead token; `invalid_client` is our configuration (quickbooks.md §1.3). */
function tokenFailure(response: unknown): Error {
  const answer = refusedAnswer.safeParse(response);
  if (!answer.success) return new TokenServerFailed('the token server did not answer');
  const { status, data } = answer.data;
  const error = data?.error ?? null;
  const isDead = error === 'invalid_grant' || (status === 400 && error === null);
  return isDead
    ? new AccessLapsed('QuickBooks no longer takes the refresh token')
    : new TokenServerFailed(`the token server answered HTTP ${status} ${error ?? ''}`.trim());
}
