/** QuickBooks' own limits out of the way; every call is counted in the database all the same. */
export const unlimited = {
  perSecond: 1e9,
  perMinute: 1e9,
  batchesPerMinute: 1e9,
  concurrent: 1e9,
  burst: 1e9,
  secondMs: 0,
  minuteMs: 0,
};
