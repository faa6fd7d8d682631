/** What an operator is woken for, over all companies; each gauge of /metrics with what it says and its unit. */
export const figureMeanings = {
  pending_oldest_seconds:
    'Age of the oldest work that is due, that no worker has taken up and that nothing holds back.',
  pending_links: 'Links with work due now.',
  conflicts_open: 'Conflicts that wait for a person.',
  dead_letters_open: 'Links that stopped until a person acts or something heals them.',
  drifts_open: 'Disagreements found by reconcile that wait for a person.',
  writes_uncertain: 'Writes whose outcome is not known yet.',
  write_uncertain_oldest_seconds: 'Age of the oldest write whose outcome is not known yet.',
  companies_active: 'Companies that sync.',
  companies_needs_reconnect: 'Companies whose access lapsed: nothing crosses until reconnected.',
  companies_throttled: 'Companies that wait because QuickBooks said to.',
  companies_breaker_open: 'Companies whose calls failed in a row and are probed only.',
  token_expiry_seconds: 'Time until the first refresh token of a connected company ends.',
  stream_lag_seconds: 'How far behind now the published stream is complete.',
  leases_live: 'Companies that a living worker holds right now.',
  links_interrupted: 'Links with work due whose worker stopped in the middle of them.',
  quickbooks_reads_month: 'Metered reads of this month, all companies together.',
} as const satisfies Record<string, string>;

export type FigureName = keyof typeof figureMeanings;
/** Null where there is nothing to measure: no company connected, say. */
export type Figures = Readonly<Record<FigureName, number | null>>;
export type ReadFigures = () => Promise<Figures>;
