import type { CompanyId, Instant } from '#core/brand.ts';

/** Tokens of one QuickBooks connection. */
export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Kept for one fallback after a rotation (quickbooks.md §1.4). */
  readonly previousRefreshToken: string | null;
  readonly accessExpiresAt: Instant;
  readonly refreshExpiresAt: Instant;
};

/** Where a company's secrets are kept, encrypted at rest. */
export interface Credentials {
  tokens(companyId: CompanyId): Promise<Tokens | null>;
  /** Runs `refresh` for one process at a time and stores what it returns before anybody uses it. */
  rotate(
    companyId: CompanyId,
    seen: Tokens,
    refresh: (held: Tokens) => Promise<Tokens>,
  ): Promise<Tokens>;
  invoicing(companyId: CompanyId): Promise<{ readonly baseUrl: string; readonly token: string }>;
}
