import type { Instant } from '#core/brand.ts';
import type { RuleBook } from '#core/merge/policy.ts';
import type { Side } from '#core/side.ts';

/** What a claim knows of the company's rules, and what LATEST_WINS needs beside the two invoices. */
export type RulesAtClaim = {
  /** The company's own rules in force. */
  readonly rules: RuleBook;
  /** Version each side had after the bridge last wrote its invoice; null where it never did. */
  readonly ownVersions: Readonly<Record<Side, string | null>>;
  /** Database time. */
  readonly claimedAt: Instant;
};
