import { z } from 'zod';
import type { Company } from '#core/company/company.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { JsonObject } from '#core/json.ts';
import type { TaxVariance } from '#core/plan/tax-truth.ts';
import type { ClaimedConflict, StoredDecision } from '#ports/store.ts';

/**
 * What the engine itself wrote into a jsonb column comes back as it was written; the border was crossed when it was first
 * read from a side, so only its being an object is looked at here.
 */
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

export const storedInvoice = z.custom<Invoice>(isObject);
export const storedDecision = z.custom<StoredDecision>(isObject);
export const storedVariance = z.custom<TaxVariance>(isObject);
export const storedFacts = z.custom<QuickBooksFacts>(isObject);
export const storedConflict = z.custom<ClaimedConflict>(isObject);
export const storedObject = z.custom<JsonObject>(isObject);
export const storedMode = z.enum(['SHADOW', 'LIVE']) satisfies z.ZodType<Company['mode']>;
