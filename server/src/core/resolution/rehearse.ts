import type { CompanySettings, QuickBooksFacts } from '../company/company.ts';
import type { InvoiceContent, PartyRef } from '../invoice/invoice.ts';
import { agreedReferences } from '../mapping/agreed-references.ts';
import { translatedAsFarAsPaired, translatedWherePaired } from '../mapping/translate.ts';
import type { RuleBook } from '../merge/policy.ts';
import type { BaseHalves } from '../plan/advance-base.ts';
import type { TaxVariance } from '../plan/tax-truth.ts';
import { planInvoice, type Plan } from '../plan/plan.ts';
import type { NumberHolder } from './check-values.ts';
import { decideChoices } from './decide-choices.ts';
import type { ChoiceIssue, PathChoice } from './decided-values.ts';
import type { GroupDecision, StandingConflict } from './decision.ts';
import type { ChosenPayment } from './decide-payments.ts';
import type { Dispute, PaymentQuestion } from './dispute.ts';
import type { StoredReference } from './typed-value.ts';

/** A conflict with all that is stored about its invoice. */
export type Rehearsal = {
  readonly disputes: readonly Dispute[];
  readonly questions: readonly PaymentQuestion[];
  readonly base: BaseHalves;
  readonly present: BaseHalves;
  readonly taxVariance: TaxVariance | null;
  readonly settings: CompanySettings;
  readonly facts: QuickBooksFacts;
  /** The company's own rules in force. */
  readonly rules: RuleBook;
  readonly references: readonly StoredReference[];
  /** Which of the numbers in question documents of other invoices have. */
  readonly numbersTaken: readonly NumberHolder[];
};

/** What choices come to: by the same function as the engine's, on what is stored. */
export type Rehearsed = {
  readonly decisions: readonly GroupDecision[];
  readonly payments: readonly ChosenPayment[];
  readonly issues: readonly ChoiceIssue[];
  readonly plan: Plan;
};

/** Plans what choices would do. With `isPartial`, disputed fields that are left out stay as they are. */
export function rehearse(
  rehearsal: Rehearsal,
  choices: readonly PathChoice[],
  isPartial: boolean,
): Rehearsed {
  const { decisions, payments, issues } = decideChoices(rehearsal, choices);
  const { base, present, taxVariance, settings, facts, rules, disputes } = rehearsal;
  const references = [...rehearsal.references, ...agreedReferences(base)];
  const standing: StandingConflict = {
    isInForce: true,
    decisions,
    payments: payments.map(({ made }) => made),
    isPartial,
    reopened: disputes.flatMap(({ group, lineKey, since }) =>
      since === undefined ? [] : [{ group, lineKey, madeOn: since }],
    ),
  };
  const plan = planInvoice({
    base,
    internal: present.internal,
    translated: translatedAsFarAsPaired(present.internal, references),
    quickbooks: present.quickbooks,
    translatedBack: translatedWherePaired(present.quickbooks, references),
    taxVariance,
    settings,
    facts,
    rules,
    standing,
    numberThere: disputes.find(({ numberThere }) => numberThere !== undefined)?.numberThere,
  });
  return { decisions, payments, issues, plan };
}

/** Ids of all records that an invoice names, in its side's terms. */
export const recordIdsOf = ({ customer, terms, lines }: InvoiceContent): readonly string[] => {
  const named: readonly (PartyRef | null)[] = [
    customer,
    terms,
    ...lines.flatMap(({ item, taxCode }) => [item, taxCode]),
  ];
  return [...new Set(named.flatMap((ref) => (ref === null ? [] : [ref.id])))];
};
