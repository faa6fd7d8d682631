import { randomBytes } from 'node:crypto';
import type { StateFile } from '../control/state-file.ts';
import type { Behaviour } from './behaviour.ts';
import { isObject, textOf, type JsonObject } from './json.ts';

const secondMs = 1_000;
const dayMs = 86_400 * secondMs;

export const accessTokenSeconds = 3_600;
/** 101 days at first, rolling (quickbooks.md §1.2). */
const refreshTokenSeconds = 8_726_400;
const hardLimitSeconds = 5 * 365 * 86_400;
const codeSeconds = 600;

export const simulatorApp = {
  clientId: 'simulator-client',
  clientSecret: 'simulator-secret',
  verifierToken: 'simulator-verifier',
} as const;

export type TokenPair = {
  readonly realm: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly refreshExpiresInSeconds: number;
  readonly hardExpiresInSeconds: number;
};

/** What an access token is worth; `detail` is the text the 401 body carries (quickbooks.md §1.3). */
export type AccessVerdict =
  | { readonly kind: 'valid'; readonly realm: string }
  | { readonly kind: 'refused'; readonly detail: string | null };

type RefreshRecord = {
  readonly realm: string;
  readonly issuedAtMs: number;
  readonly grantedAtMs: number;
  readonly expiresAtMs: number;
  /** When another value took its place; null while it is the current one. */
  readonly replacedAtMs: number | null;
};

/** Authorization codes and tokens of the one app, kept over restarts. */
export class TokenStore {
  readonly #file: StateFile;
  readonly #codes = new Map<string, { readonly realm: string; readonly expiresAtMs: number }>();

  constructor(file: StateFile) {
    this.#file = file;
  }

  /** A code for the redirect, good once for ten minutes. */
  issueCode(realm: string, nowMs: number): string {
    const code = `XAB1${randomBytes(23).toString('hex')}`;
    this.#codes.set(code, { realm, expiresAtMs: nowMs + codeSeconds * secondMs });
    return code;
  }

  /** Tokens for a code; undefined when the code is unknown, used or too old. */
  exchangeCode(code: string, nowMs: number): TokenPair | undefined {
    const known = this.#codes.get(code);
    this.#codes.delete(code);
    if (known === undefined || known.expiresAtMs <= nowMs) return undefined;
    return this.connect(known.realm, nowMs);
  }

  /** A new connection of a realm, as after consent. */
  connect(realm: string, nowMs: number): TokenPair {
    const record: RefreshRecord = {
      realm,
      issuedAtMs: nowMs,
      grantedAtMs: nowMs,
      expiresAtMs: nowMs + refreshTokenSeconds * secondMs,
      replacedAtMs: null,
    };
    return this.#issue(newRefreshToken(), record, nowMs);
  }

  /** Fresh tokens; undefined means `invalid_grant`. The same value comes back until it is a day old (quickbooks.md §1.2). */
  refresh(refreshToken: string, behaviour: Behaviour, nowMs: number): TokenPair | undefined {
    const record = this.#refreshRecord(refreshToken);
    if (record === undefined || record.expiresAtMs <= nowMs) return undefined;
    if (record.grantedAtMs + hardLimitSeconds * secondMs <= nowMs) return undefined;
    if (record.replacedAtMs !== null) {
      if (record.replacedAtMs + behaviour.refreshGraceSeconds * secondMs <= nowMs) return undefined;
      return this.#issue(newRefreshToken(), renewed(record, nowMs), nowMs);
    }

    const isOld = nowMs - record.issuedAtMs >= dayMs;
    const rotates =
      behaviour.refreshRotation === 'every' || (behaviour.refreshRotation === 'daily' && isOld);
    if (!rotates) return this.#issue(refreshToken, record, nowMs);
    this.#put('refresh', refreshToken, { ...record, replacedAtMs: nowMs });
    return this.#issue(newRefreshToken(), renewed(record, nowMs), nowMs);
  }

  /** Ends the connection an access or refresh token belongs to; false for a token that is dead already. */
  revoke(token: string): boolean {
    const realm = this.#refreshRecord(token)?.realm ?? textOf(this.#access(token), 'realm');
    if (realm === undefined) return false;
    this.disconnect(realm);
    return true;
  }

  /** Kills every token of a realm: as when a person disconnects the app (quickbooks.md §1.3). */
  disconnect(realm: string): void {
    const ids = (name: string): readonly string[] =>
      [...this.#file.records(`oauth/${name}`)].flatMap(([id, record]) =>
        isObject(record) && record['realm'] === realm ? [id] : [],
      );
    this.#file.commit([
      ...ids('access').map((id) => ({ collection: 'oauth/access', id, value: null })),
      ...ids('refresh').map((id) => ({ collection: 'oauth/refresh', id, value: null })),
    ]);
  }

  /** True when some refresh token of the realm is alive: only then are events sent (quickbooks.md §6.2). */
  isConnected(realm: string): boolean {
    return [...this.#file.records('oauth/refresh').values()].some(
      (record) => isObject(record) && record['realm'] === realm,
    );
  }

  /** Judges the bearer token of a data request. */
  judge(accessToken: string | undefined, nowMs: number): AccessVerdict {
    if (accessToken === undefined) return { kind: 'refused', detail: null };
    if (accessToken.length < 20 || accessToken.length > 4_096) {
      return { kind: 'refused', detail: 'Malformed bearer token: too short or too long' };
    }
    const record = this.#access(accessToken);
    if (record === undefined) return { kind: 'refused', detail: null };
    if (Number(record['expiresAtMs']) <= nowMs) {
      return { kind: 'refused', detail: `Token expired: ${accessToken}` };
    }
    return { kind: 'valid', realm: textOf(record, 'realm') ?? '' };
  }

  #access(token: string): JsonObject | undefined {
    const record = this.#file.records('oauth/access').get(token);
    return isObject(record) ? record : undefined;
  }

  #refreshRecord(token: string): RefreshRecord | undefined {
    const record = this.#file.records('oauth/refresh').get(token);
    if (!isObject(record)) return undefined;
    const replacedAt = record['replacedAtMs'];
    return {
      realm: textOf(record, 'realm') ?? '',
      issuedAtMs: Number(record['issuedAtMs']),
      grantedAtMs: Number(record['grantedAtMs']),
      expiresAtMs: Number(record['expiresAtMs']),
      replacedAtMs: typeof replacedAt === 'number' ? replacedAt : null,
    };
  }

  #issue(refreshToken: string, record: RefreshRecord, nowMs: number): TokenPair {
    const accessToken = `eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..${randomBytes(180).toString('base64url')}`;
    const { realm } = record;
    const accessRecord = { realm, expiresAtMs: nowMs + accessTokenSeconds * secondMs };
    this.#file.commit([
      { collection: 'oauth/access', id: accessToken, value: accessRecord },
      { collection: 'oauth/refresh', id: refreshToken, value: record },
      ...this.#longExpired(nowMs),
    ]);
    return {
      realm,
      accessToken,
      refreshToken,
      refreshExpiresInSeconds: Math.floor((record.expiresAtMs - nowMs) / secondMs),
      hardExpiresInSeconds: hardLimitSeconds - Math.floor((nowMs - record.grantedAtMs) / secondMs),
    };
  }

  /** Expired access tokens are told apart from unknown ones for a day, then forgotten. */
  #longExpired(nowMs: number): readonly { collection: string; id: string; value: null }[] {
    return [...this.#file.records('oauth/access')].flatMap(([id, record]) =>
      isObject(record) && Number(record['expiresAtMs']) < nowMs - dayMs
        ? [{ collection: 'oauth/access', id, value: null }]
        : [],
    );
  }

  #put(name: 'access' | 'refresh', id: string, value: unknown): void {
    this.#file.commit([{ collection: `oauth/${name}`, id, value }]);
  }
}

function renewed(record: RefreshRecord, nowMs: number): RefreshRecord {
  const expiresAtMs = nowMs + refreshTokenSeconds * secondMs;
  return { ...record, issuedAtMs: nowMs, expiresAtMs, replacedAtMs: null };
}

function newRefreshToken(): string {
  return `AB11${randomBytes(23).toString('hex')}`;
}
