import { z } from 'zod';

/** An exact amount, as the API says it. */
export const money = z.object({ amount: z.string(), currency: z.string() });

/** Both sides added up in one currency. */
export const controlTotal = z.object({
  currency: z.string(),
  internalCount: z.int(),
  internalTotal: money,
  quickbooksCount: z.int(),
  quickbooksTotal: money,
  difference: money,
});

/** What to ask for, so that it can be read as `controlTotal`. */
export const controlTotalParts = `currency internalCount internalTotal { amount currency }
  quickbooksCount quickbooksTotal { amount currency } difference { amount currency }`;
