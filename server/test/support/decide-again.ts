import { z } from 'zod';
import { toInstant } from '#core/brand.ts';
import type { CompanySettings, QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { canonicalText } from '#core/canonical-text.ts';
import { planPayments } from '#core/payment/plan-payments.ts';
import { unknownEdits } from '#core/merge/latest.ts';
import type { RuleBook } from '#core/merge/policy.ts';
import { planInvoice, type Plan } from '#core/plan/plan.ts';
import type { StoredDecision } from '#ports/store.ts';
import type { World } from './world.ts';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const invoice = z.custom<Invoice>(isObject);

const kept = z.object({
  id: z.string(),
  decision: z.custom<StoredDecision>(isObject),
  internal: invoice,
  quickbooks: invoice.nullable(),
  settings: z.custom<CompanySettings>(isObject),
  rules: z.custom<RuleBook>(isObject),
  facts: z.custom<Omit<QuickBooksFacts, 'readAt'>>(isObject),
  weight: z.number(),
});
type Kept = z.output<typeof kept>;

/** Everything that was stored of the attempts that decided something about an invoice. */
export const decisionsOf = (world: World): Promise<readonly Kept[]> =>
  world.rows(
    kept,
    `SELECT a.id, a.decision, i.content AS internal, q.content AS quickbooks, c.content->'settings' AS settings,
       c.content->'facts' AS facts, c.content->'rules' AS rules, length(a.decision::text) AS weight
     FROM attempt a
       JOIN decision_context c ON c.company_id = a.company_id AND c.hash = a.decision->>'context'
       JOIN observation i ON i.id = (a.decision->>'internalObservationId')::uuid
       LEFT JOIN observation q ON q.id = (a.decision->>'quickbooksObservationId')::uuid
     ORDER BY a.started_at`,
  );

/** Decides once more, from nothing but what was stored. */
export function decidedAgain({
  decision,
  internal,
  quickbooks,
  settings,
  facts,
  rules,
}: Kept): Plan {
  const { baseInternal, baseQuickbooks } = decision;
  return planInvoice({
    base:
      baseInternal === null || baseQuickbooks === null
        ? null
        : { internal: baseInternal, quickbooks: baseQuickbooks },
    internal,
    translated: decision.translated ?? internal,
    quickbooks,
    translatedBack: decision.translatedBack ?? quickbooks,
    taxVariance: decision.taxVariance,
    settings,
    rules,
    edits: decision.edits ?? unknownEdits,
    standing: decision.standing ?? null,
    numberThere: decision.numberThere,
    facts: { ...facts, readAt: toInstant(0) },
  });
}

/** What a decision came to, in the parts that are stored of it. */
export function outcomeOf({ merges, next }: Plan) {
  const wantedOn = (side: 'internal' | 'quickbooks') => {
    const write = next.kind === 'write' ? next[side] : null;
    return write === null || write.operation === 'VOIDED' ? null : write.wanted;
  };
  return { merges, wanted: wantedOn('quickbooks'), wantedInternal: wantedOn('internal') };
}

/** Whether the payment that was written is among what is decided from what was stored; true where none was. */
export function isPaymentDecidedAgain({ decision }: Pick<Kept, 'decision'>): boolean {
  const { payment, paymentInputs } = decision;
  if (payment === undefined) return true;
  if (paymentInputs === undefined) return false;
  const wanted = canonicalText(payment.step);
  return planPayments(paymentInputs).steps.some((step) => canonicalText(step) === wanted);
}
