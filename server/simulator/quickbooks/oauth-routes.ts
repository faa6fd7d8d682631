import type { FastifyInstance, FastifyReply } from 'fastify';
import { isObject, parseJson, textOf } from './json.ts';
import { accessTokenSeconds, simulatorApp, type TokenPair } from './oauth.ts';
import { consentPage } from './consent-page.ts';
import { injectedAnswer, throttledAnswer } from './injection.ts';
import { demoRealm, type QuickBooksSimulator } from './simulator.ts';

type Form = Readonly<Record<string, string>>;

/** Consent, tokens, revocation and discovery (quickbooks.md §1). */
export function serveOAuth(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  serveConsent(app, simulator);
  serveTokens(app, simulator);
  serveRevocation(app, simulator);
  serveDiscovery(app, simulator);
}

function serveConsent(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  app.get('/connect/oauth2', (request, reply) => {
    const query = queryOf(request.url);
    const redirectUri = query.get('redirect_uri');
    if (
      query.get('client_id') !== simulatorApp.clientId ||
      redirectUri === null ||
      !URL.canParse(redirectUri)
    ) {
      return reply.code(400).type('text/html').send(consentPage.refusal());
    }

    const back = new URL(redirectUri);
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    const realm = query.get('realm') ?? demoRealm;
    if (query.get('deny') === '1' || !simulator.realms().includes(realm)) {
      back.searchParams.set('error', 'access_denied');
      return reply.redirect(back.toString());
    }
    if (query.get('response_type') !== 'code') {
      back.searchParams.set('error', 'unsupported_response_type');
      return reply.redirect(back.toString());
    }
    if (query.get('auto') !== '1') {
      return reply.type('text/html').send(consentPage.question(request.url, simulator.realms()));
    }
    back.searchParams.set('code', simulator.tokens.issueCode(realm, simulator.nowMs));
    // The realm comes with the redirect and nowhere else (quickbooks.md §1.1).
    back.searchParams.set('realmId', realm);
    return reply.redirect(back.toString());
  });
}

function serveTokens(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  app.post('/oauth2/v1/tokens/bearer', async (request, reply) => {
    const rule = simulator.faults.match({ operation: 'token', entity: '', requestId: null });
    if (rule?.effect === 'drop-before') return hangUp(reply);
    if (rule?.effect === 'latency') await simulator.pause(rule.params.ms ?? 0);
    if (rule?.effect === 'status') return send(reply, injectedAnswer(rule, simulator.nowMs));

    const form = formOf(request.body);
    const answer = tokenAnswer(simulator, form, {
      authorization: request.headers.authorization,
      wantsHardLimit: request.headers['x-include-refresh-token-hard-expires-in'] === 'true',
    });
    if (rule?.effect === 'drop-after') return hangUp(reply);
    if (rule?.effect === 'fault-after') return send(reply, injectedAnswer(rule, simulator.nowMs));
    return reply
      .code(answer.status)
      .header('content-type', 'application/json;charset=utf-8')
      .header('cache-control', 'no-cache, no-store')
      .send(JSON.stringify(answer.body));
  });
}

function send(reply: FastifyReply, answer: ReturnType<typeof injectedAnswer>): FastifyReply {
  return reply
    .code(answer.status)
    .headers(answer.headers ?? {})
    .header('content-type', answer.contentType)
    .send(Buffer.from(answer.body));
}

function hangUp(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

type TokenRequest = {
  readonly authorization: string | undefined;
  readonly wantsHardLimit: boolean;
};
type TokenAnswer = {
  readonly status: number;
  readonly body: Readonly<Record<string, string | number>>;
};

function tokenAnswer(
  simulator: QuickBooksSimulator,
  form: Form,
  request: TokenRequest,
): TokenAnswer {
  if (!isApp(form, request.authorization))
    return { status: 401, body: { error: 'invalid_client' } };
  const { tokens, behaviour, nowMs } = simulator;
  switch (form['grant_type']) {
    case 'authorization_code':
      return pairAnswer(tokens.exchangeCode(form['code'] ?? '', nowMs), request);
    case 'refresh_token':
      return pairAnswer(tokens.refresh(form['refresh_token'] ?? '', behaviour, nowMs), request);
    case undefined:
    default:
      return { status: 400, body: { error: 'unsupported_grant_type' } };
  }
}

/** Every refusal of a grant is the same 25 bytes (quickbooks.md §1.3). */
function pairAnswer(pair: TokenPair | undefined, { wantsHardLimit }: TokenRequest): TokenAnswer {
  if (pair === undefined) return { status: 400, body: { error: 'invalid_grant' } };
  const hard = wantsHardLimit ? { x_refresh_token_hard_expires_in: pair.hardExpiresInSeconds } : {};
  return {
    status: 200,
    body: {
      token_type: 'bearer',
      expires_in: accessTokenSeconds,
      refresh_token: pair.refreshToken,
      x_refresh_token_expires_in: pair.refreshExpiresInSeconds,
      access_token: pair.accessToken,
      ...hard,
    },
  };
}

/** Credentials in the header or in the body (quickbooks.md §1.1). */
function isApp(form: Form, authorization: string | undefined): boolean {
  const [scheme, encoded = ''] = (authorization ?? '').split(' ');
  const pair =
    scheme?.toLowerCase() === 'basic'
      ? Buffer.from(encoded, 'base64').toString('utf8')
      : `${form['client_id'] ?? ''}:${form['client_secret'] ?? ''}`;
  return pair === `${simulatorApp.clientId}:${simulatorApp.clientSecret}`;
}

/** intuit-oauth posts JSON, node-quickbooks a form: both are understood (quickbooks.md §1.3). */
function formOf(body: unknown): Form {
  const text = typeof body === 'string' ? body : '';
  const json = parseJson(text);
  if (!isObject(json)) return Object.fromEntries(new URLSearchParams(text));
  return Object.fromEntries(Object.keys(json).map((key) => [key, textOf(json, key) ?? '']));
}

/** 200 with nothing in it, or 400 with nothing in it for a token that is dead already (quickbooks.md §1.3). */
function serveRevocation(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  app.post('/v2/oauth2/tokens/revoke', (request, reply) => {
    const form = formOf(request.body);
    if (!isApp(form, request.headers.authorization)) {
      return reply.code(401).type('application/json').send('{"error":"invalid_client"}');
    }
    return reply.code(simulator.tokens.revoke(form['token'] ?? '') ? 200 : 400).send('');
  });
}

function serveDiscovery(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  for (const name of ['openid_sandbox_configuration', 'openid_configuration']) {
    app.get(`/.well-known/${name}`, () => discovery(simulator.baseUrl));
  }
  app.get('/op/v1/jwks', () => ({ keys: [] }));
  app.get('/v1/openid_connect/userinfo', (request, reply) => {
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    const verdict = simulator.tokens.judge(token, simulator.nowMs);
    if (verdict.kind === 'refused') return reply.code(401).send('');
    const isAdmitted = simulator.throttle.admit(verdict.realm, 'profile', simulator.nowMs);
    if (!isAdmitted) return send(reply, throttledAnswer(simulator));
    simulator.throttle.release(verdict.realm);
    return reply.send({
      sub: `simulator-${verdict.realm}`,
      email: 'bookkeeper@harborlane.example',
      emailVerified: true,
      givenName: 'Maria',
      familyName: 'Bookkeeper',
    });
  });
}

function discovery(baseUrl: string): Readonly<Record<string, string | readonly string[]>> {
  return {
    issuer: `${baseUrl}/op/v1`,
    authorization_endpoint: `${baseUrl}/connect/oauth2`,
    token_endpoint: `${baseUrl}/oauth2/v1/tokens/bearer`,
    userinfo_endpoint: `${baseUrl}/v1/openid_connect/userinfo`,
    revocation_endpoint: `${baseUrl}/v2/oauth2/tokens/revoke`,
    jwks_uri: `${baseUrl}/op/v1/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile', 'address', 'phone'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: ['aud', 'exp', 'iat', 'iss', 'realmid', 'sub'],
  };
}

function queryOf(url: string): URLSearchParams {
  return new URL(url, 'http://simulator.invalid').searchParams;
}
