import type { Json } from '../json.ts';
import { isSameField } from '../mapping/field-map.ts';
import { latestOf } from '../merge/latest.ts';
import { isSamePlace } from '../merge/group-value.ts';
import { policyOver, toleranceFor, type RuleBook } from '../merge/policy.ts';
import { ruleOfGroup } from '../merge/rules.ts';
import type { Currency } from '../brand.ts';
import type { Side } from '../side.ts';
import { unreachable } from '../unreachable.ts';
import type { GroupDecision } from './decision.ts';
import { isAboutInvoice, type Dispute, type Disputed } from './dispute.ts';

/** A conflict of the past with what a person decided about it, if a person did. */
export type PastConflict = {
  readonly id: string;
  readonly currency: Currency;
  readonly disputes: readonly Disputed[];
  readonly decisions: readonly GroupDecision[];
};

/** What a rule would have done to past conflicts. */
export type PolicyRehearsal = {
  readonly considered: number;
  readonly wouldAutoResolve: number;
  readonly wouldDisagree: number;
  /** Newest first; at most as many as are shown. */
  readonly disagreements: readonly string[];
};

/** How many of the conflicts that would have gone the other way are named. */
const disagreementsMax = 20;

/** Tries a rule on past conflicts, newest first; `book` holds it beside the other rules in force. */
export function rehearsePolicy(
  past: readonly PastConflict[],
  book: RuleBook,
  pattern: string,
): PolicyRehearsal {
  const considered = past.filter(({ disputes }) =>
    disputes.some(
      (dispute) => isAboutInvoice(dispute) && isCoveredBy(dispute.paths, book, pattern),
    ),
  );
  const resolved = considered.filter((conflict) => isSettledBy(conflict, book));
  const against = resolved.filter((conflict) => isAgainstPerson(conflict, book, pattern));
  return {
    considered: considered.length,
    wouldAutoResolve: resolved.length,
    wouldDisagree: against.length,
    disagreements: against.slice(0, disagreementsMax).map(({ id }) => id),
  };
}

const isCoveredBy = (paths: readonly string[], book: RuleBook, pattern: string): boolean =>
  paths.some((path) => policyOver(book, path)?.pattern === pattern);

/** Without a person only when every part is settled; payments always wait for one. */
const isSettledBy = ({ disputes, currency }: PastConflict, book: RuleBook): boolean =>
  disputes.every(
    (dispute) => isAboutInvoice(dispute) && outcomeOf(dispute, book, currency) !== 'asks',
  );

type Outcome = Side | 'asks' | 'each keeps its own';

/** What the rules make of one dispute; both sides' clocks count as right, their readings were not kept. */
function outcomeOf(dispute: Dispute, book: RuleBook, currency: Currency): Outcome {
  if (isNearlyEqual(dispute, book, currency)) return 'each keeps its own';
  const rule = ruleOfGroup(book, dispute);
  switch (rule) {
    case 'INTERNAL_WINS':
      return 'internal';
    case 'QUICKBOOKS_WINS':
      return 'quickbooks';
    case 'READ_ONLY':
      return 'each keeps its own';
    case 'LATEST_WINS':
      return laterOf(dispute);
    case 'ASK':
      return 'asks';
    default:
      return unreachable(rule);
  }
}

function laterOf({ changed }: Dispute): Outcome {
  const latest = latestOf({
    internal: { editedAt: changed.internal.at, clockOffMs: 0 },
    quickbooks: { editedAt: changed.quickbooks.at, clockOffMs: 0 },
  });
  return 'why' in latest ? 'asks' : latest.side;
}

/** Whether all that differs differs by no more than its tolerance. */
function isNearlyEqual(dispute: Dispute, book: RuleBook, currency: Currency): boolean {
  const { disputed, paths } = dispute;
  const context = { currency, defaultTaxCodeId: null, lines: null };
  return (
    disputed.length > 0 &&
    disputed.every((path) => {
      const tolerance = toleranceFor(book, path);
      const place = paths.indexOf(path);
      const [left, right] = [valueIn(dispute.internal, place), valueIn(dispute.quickbooks, place)];
      return tolerance !== null && isSameField(path, left, right, { ...context, tolerance });
    })
  );
}

/** The texts of a dispute are JSON lists in the order of its paths. */
function valueIn(text: string | null, place: number): Json {
  const values: unknown = text === null ? null : JSON.parse(text);
  const value: unknown = Array.isArray(values) ? values[place] : null;
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

const chosenSide: Readonly<Partial<Record<GroupDecision['choice'], Side>>> = {
  KEEP_INTERNAL: 'internal',
  KEEP_QUICKBOOKS: 'quickbooks',
};

/** Whether a person chose something else where the rule would have decided. */
const isAgainstPerson = (
  { disputes, decisions, currency }: PastConflict,
  book: RuleBook,
  pattern: string,
): boolean =>
  disputes
    .filter(isAboutInvoice)
    .filter((dispute) => isCoveredBy(dispute.paths, book, pattern))
    .some((dispute) => {
      const decision = decisions.find((one) => isSamePlace(one, dispute));
      return (
        decision !== undefined && chosenSide[decision.choice] !== outcomeOf(dispute, book, currency)
      );
    });
