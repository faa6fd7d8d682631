import type { LocalDate } from '../brand.ts';
import type { QuickBooksFacts, CompanySettings } from '../company/company.ts';
import { isGone, type Invoice, type InvoiceContent } from '../invoice/invoice.ts';
import { unknownEdits, type Edits } from '../merge/latest.ts';
import { builtInRules, toleranceFor, type RuleBook } from '../merge/policy.ts';
import { mergeInvoice, type Base, type GroupMerge } from '../merge/merge-invoice.ts';
import { nothingAgreed } from '../merge/never-agreed.ts';
import { withGroupValue } from '../merge/group-value.ts';
import { decideByRules } from '../merge/rules.ts';
import type { DecisionOutcome, GroupDecision, StandingConflict } from '../resolution/decision.ts';
import { covers, heldOpen, takeDecisions } from '../resolution/take-decisions.ts';
import { sides, type Side } from '../side.ts';
import { isCarried } from './carried.ts';
import { whyNothing, whyWritten } from './explain.ts';
import { planAgain, wantedAgainOn, type NumberThere } from './plan-again.ts';
import { planGone } from './plan-gone.ts';
import { closedStop, type Stop } from './stop.ts';
import { movesMoney, taxDispute, taxTruth, type TaxVariance } from './tax-truth.ts';
import { wantedContent } from './wanted.ts';
import { wordsFor } from './words.ts';

/** Everything a decision rests on; stored with the attempt, so that deciding again gives the same outcome. */
export type PlanInputs = {
  readonly base: Base | null;
  /** Internal side with keyed lines. */
  readonly internal: Invoice;
  /** The internal side in QuickBooks' terms, lines under the same keys. */
  readonly translated: InvoiceContent;
  /** QuickBooks side with keyed lines; null while there is no counterpart. */
  readonly quickbooks: Invoice | null;
  /** The QuickBooks side in internal terms, as far as its moves need them; null while there is no counterpart. */
  readonly translatedBack: InvoiceContent | null;
  /** The difference in tax the link was left with, and whether a person let it stand. */
  readonly taxVariance: TaxVariance | null;
  readonly settings: CompanySettings;
  readonly facts: QuickBooksFacts;
  /** The company's own rules in force; the built-in ones alone unless said. */
  readonly rules?: RuleBook;
  /** When each side was edited last, and by what clock; unknown unless said. */
  readonly edits?: Edits;
  /** The conflict that has not ended, with what a person decided; null without one. */
  readonly standing?: StandingConflict | null;
  /** Whether the invoice's number is free on the side where it is gone; absent where nobody looked. */
  readonly numberThere?: NumberThere | undefined;
};

/** A write to one side; the spelling turns it into bytes. */
export type PlannedWrite =
  | { readonly operation: 'CREATED'; readonly wanted: InvoiceContent }
  | {
      readonly operation: 'UPDATED';
      readonly wanted: InvoiceContent;
      readonly paths: readonly string[];
    }
  | { readonly operation: 'VOIDED' };

/** The writes of one plan, at most one to each side; they do not depend on each other. */
export type PlannedWrites = {
  readonly internal: PlannedWrite | null;
  readonly quickbooks: PlannedWrite | null;
};

export type Plan = {
  /** One or more sentences a bookkeeper can read. */
  readonly explanation: string;
  readonly merges: readonly GroupMerge[];
  /** What became of the decision a person took; absent where none was. */
  readonly decision?: DecisionOutcome;
  readonly next:
    /**
     * `held` keeps the write to QuickBooks back while the one to internal invoicing goes; `follows` is one that is planned
     * anew once that has arrived.
     */
    | ({
        readonly kind: 'write';
        readonly held: Stop | null;
        readonly follows?: PlannedWrite;
      } & PlannedWrites)
    | { readonly kind: 'stop'; readonly stop: Stop }
    | { readonly kind: 'nothing' }
    /** Something moved and is left as it is on both sides: it is dated before go-live. */
    | { readonly kind: 'leave' };
};

/** Whether the closing date keeps anything back. */
export const isHeldByClosedBooks = ({ next }: Plan): boolean =>
  (next.kind === 'stop' && next.stop.reason === 'PERIOD_CLOSED') ||
  (next.kind === 'write' && next.held?.reason === 'PERIOD_CLOSED');

/** Decides what to write to either side; pure. */
export function planInvoice(inputs: PlanInputs): Plan {
  const { internal, quickbooks, settings } = inputs;
  if (quickbooks === null) return planUnlinked(inputs);
  const plan = planLinked(inputs, quickbooks);
  const dates = [internal.issueDate, quickbooks.issueDate];
  return leftBeforeGoLive(plan, dates, settings.goLiveDate) ?? plan;
}

/** What is dated before go-live is matched and shown, never written: a later change of it is a drift (architecture.md §5). */
function leftBeforeGoLive(
  { merges, next }: Plan,
  dates: readonly LocalDate[],
  goLiveDate: LocalDate | null,
): Plan | null {
  const [before] = dates.filter((date) => goLiveDate !== null && date < goLiveDate);
  if (goLiveDate === null || before === undefined) return null;
  const moved = merges.filter(({ merge }) => merge !== 'unchanged' && merge !== 'agreed');
  if (next.kind === 'nothing' && !moved.some(({ merge }) => merge === 'conflict')) return null;
  const explanation = `It is dated ${before}, before go-live on ${goLiveDate}, and ${wordsFor(moved)} ${moved.every((merge) => merge.neverAgreed === true) ? 'never agreed' : 'changed since'}; neither side is written.`;
  return { explanation, merges, next: { kind: 'leave' } };
}

function planLinked(inputs: PlanInputs, quickbooks: Invoice): Plan {
  const { internal, base, rules = builtInRules, edits = unknownEdits, standing } = inputs;
  const raw = mergeInvoice({
    internal,
    internalTranslated: inputs.translated,
    quickbooks,
    base: base ?? nothingAgreed(internal, quickbooks),
    defaultTaxCodeId: inputs.facts.defaultTaxCodeId,
    toleranceOf: (path) => toleranceFor(rules, path),
  });
  const ruled = decideByRules(raw, rules, edits);
  const tax = taxDisputes(inputs, quickbooks, ruled);
  if (standing == null) return planMerged(inputs, quickbooks, [...ruled, ...tax], []);
  const open = [...heldOpen(ruled, standing.reopened), ...tax];
  const waiting = planMerged(inputs, quickbooks, open, []);
  if (standing.decisions.length + (standing.payments ?? []).length === 0) return waiting;
  // What a person decided goes before the rules.
  const chosen = raw.map((merge, place) => {
    const isChosen = standing.decisions.some((decision) => covers(decision, merge));
    return isChosen ? merge : (ruled[place] ?? merge);
  });
  return planDecided(inputs, quickbooks, { standing, merges: [...chosen, ...tax], waiting });
}

type Deciding = {
  readonly standing: StandingConflict;
  readonly merges: readonly GroupMerge[];
  /** The plan as long as nothing is decided. */
  readonly waiting: Plan;
};

/** Where what a person decided does not fit any more, or cannot be written, it waits for a person again. */
function planDecided(
  inputs: PlanInputs,
  quickbooks: Invoice,
  { standing, merges, waiting }: Deciding,
): Plan {
  const { decisions } = standing;
  const { internal, facts } = inputs;
  const present = { internal, quickbooks, defaultTaxCodeId: facts.defaultTaxCodeId };
  const taken = takeDecisions(merges, standing, present);
  if (taken.kind === 'moved') return fallenBack(waiting, taken.kept, taken.because);
  if (!standing.isInForce) return waitingOut(waiting);
  const plan = planMerged(inputs, quickbooks, taken.merges, decisions);
  const stop = stopOf(plan);
  if (stop !== null) return fallenBack(waiting, decisions, stop.explanation);
  return { ...plan, decision: { kind: 'taken' } };
}

function stopOf({ next }: Plan): Stop | null {
  if (next.kind === 'stop') return next.stop;
  return next.kind === 'write' ? next.held : null;
}

/** The plan while the decision may still be taken back. */
const waitingOut = (waiting: Plan): Plan => ({
  ...waiting,
  explanation: `A person has decided; it crosses once the time to take that back is over. ${waiting.explanation}`,
  decision: { kind: 'waits' },
});

/** The plan without the decision, saying why. */
const fallenBack = (waiting: Plan, kept: readonly GroupDecision[], because: string): Plan => ({
  ...waiting,
  explanation: `What was decided was not carried out. ${because} ${waiting.explanation}`,
  decision: { kind: 'fell-back', kept, because },
});

function planMerged(
  inputs: PlanInputs,
  quickbooks: Invoice,
  merges: readonly GroupMerge[],
  decisions: readonly GroupDecision[],
): Plan {
  const existence = merges.find(({ group }) => group === 'existence');
  if (existence?.merge === 'take-internal' || existence?.merge === 'take-quickbooks') {
    const { internal, facts, numberThere, translated, translatedBack } = inputs;
    const on = wantedAgainOn({ internal, quickbooks }, existence);
    if (on === null) return planGone(internal, quickbooks, merges, existence.merge, facts);
    const wanted = on === 'quickbooks' ? translated : (translatedBack ?? quickbooks);
    return planAgain({ internal, quickbooks, facts, numberThere }, merges, on, wanted);
  }
  return planChanges(inputs, quickbooks, merges, decisions);
}

/** Tax is disputed once nothing else that totals are computed from is; a write that moves money is compared afterwards. */
function taxDisputes(
  { internal, settings, taxVariance }: PlanInputs,
  quickbooks: Invoice,
  merges: readonly GroupMerge[],
): readonly GroupMerge[] {
  const open = merges.filter(({ merge }) => merge !== 'unchanged' && merge !== 'agreed');
  const tolerance = settings.taxVarianceTolerance;
  const truth = taxTruth(internal, quickbooks, open, tolerance, taxVariance);
  return truth.kind === 'dispute' ? [taxDispute] : [];
}

function planChanges(
  { internal, translated, translatedBack, facts }: PlanInputs,
  quickbooks: Invoice,
  merges: readonly GroupMerge[],
  decisions: readonly GroupDecision[],
): Plan {
  const forQuickbooks = withDecided(translated, decisions, 'quickbooks');
  const forInternal = withDecided(translatedBack ?? quickbooks, decisions, 'internal');
  const writes = {
    quickbooks: changeOf(quickbooks, forQuickbooks, merges, 'internal'),
    internal: changeOf(internal, forInternal, merges, 'quickbooks'),
  };
  if (writes.internal === null && writes.quickbooks === null)
    return { explanation: whyNothing(internal, merges), merges, next: { kind: 'nothing' } };
  const held =
    writes.quickbooks === null
      ? null
      : (closedStop([quickbooks.issueDate], facts, 'change') ??
        closedStop([writes.quickbooks.wanted.issueDate], facts, 'move'));
  if (held === null)
    return {
      explanation: whyWritten(merges),
      merges,
      next: { kind: 'write', ...inTaxOrder(writes, merges), held: null },
    };
  if (writes.internal === null)
    return { explanation: held.explanation, merges, next: { kind: 'stop', stop: held } };
  // A closed period of QuickBooks is no reason to keep its own changes from internal invoicing.
  const crossing = merges.filter((merge) => !isCarried(merge, 'internal'));
  return {
    explanation: `${whyWritten(crossing)} ${held.explanation}`,
    merges,
    next: { kind: 'write', internal: writes.internal, quickbooks: null, held },
  };
}

/**
 * A write to QuickBooks that moves money states the tax of internal invoicing, which a write there changes first where it
 * moves money too (architecture.md §4, "Tax").
 */
function inTaxOrder(
  writes: PlannedWrites,
  merges: readonly GroupMerge[],
): PlannedWrites & { readonly follows?: PlannedWrite } {
  const { quickbooks } = writes;
  const isMoneyBothWays = sides.every((from) =>
    merges.some((merge) => isCarried(merge, from) && movesMoney(merge)),
  );
  return quickbooks === null || !isMoneyBothWays
    ? writes
    : { ...writes, quickbooks: null, follows: quickbooks };
}

/** What is to cross to a side, with what a person decided for it in place of what the other side shows. */
const withDecided = (
  content: InvoiceContent,
  decisions: readonly GroupDecision[],
  side: Side,
): InvoiceContent =>
  decisions.reduce(
    (laid, decision) =>
      decision.decided === null ? laid : withGroupValue(laid, decision, decision.decided[side]),
    content,
  );

/** The change of one side that takes what the other side, `from`, moved alone; null when that is nothing. */
function changeOf(
  held: InvoiceContent,
  translated: InvoiceContent,
  merges: readonly GroupMerge[],
  from: Side,
): Extract<PlannedWrite, { operation: 'UPDATED' }> | null {
  const paths = merges.filter((merge) => isCarried(merge, from)).flatMap((merge) => merge.paths);
  if (paths.length === 0) return null;
  return { operation: 'UPDATED', wanted: wantedContent(held, translated, merges, from), paths };
}

function planUnlinked({ internal, translated, settings, facts }: PlanInputs): Plan {
  const nothing = (explanation: string): Plan => ({
    explanation,
    merges: [],
    next: { kind: 'nothing' },
  });
  if (isGone(internal))
    return nothing('It was cancelled before it ever reached QuickBooks; nothing is written.');
  if (settings.goLiveDate !== null && internal.issueDate < settings.goLiveDate) {
    return nothing(
      `It is dated ${internal.issueDate}, before go-live on ${settings.goLiveDate}; it is left alone.`,
    );
  }
  const stop = closedStop([internal.issueDate], facts, 'create');
  if (stop !== null)
    return { explanation: stop.explanation, merges: [], next: { kind: 'stop', stop } };
  return {
    explanation: 'It is new in internal invoicing and not in QuickBooks yet; it is created there.',
    merges: [],
    next: {
      kind: 'write',
      quickbooks: { operation: 'CREATED', wanted: translated },
      internal: null,
      held: null,
    },
  };
}
