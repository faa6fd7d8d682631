import { labelFor } from '../mapping/field-map.ts';
import type { FieldChoice } from '../merge/field-choice.ts';
import { goneOn, whyNotAgain } from '../plan/plan-again.ts';
import { allowedChoices } from './allowed-choices.ts';
import { problemsOf } from './check-values.ts';
import {
  decidedValues,
  issue,
  type ChoiceBasis,
  type ChoiceIssue,
  type PathChoice,
  type Placed,
} from './decided-values.ts';
import type { GroupDecision } from './decision.ts';
import { decideQuestion, type ChosenPayment } from './decide-payments.ts';
import type { Dispute } from './dispute.ts';

export type Decided = {
  readonly decisions: readonly GroupDecision[];
  readonly payments: readonly ChosenPayment[];
  readonly issues: readonly ChoiceIssue[];
};

/** Turns choices by path into decisions by group; every problem is named, and disputes left out are among them. */
export function decideChoices(basis: ChoiceBasis, choices: readonly PathChoice[]): Decided {
  const placed = choices.map((choice, index) => ({ ...choice, at: String(index) }));
  const known = new Set([...basis.disputes, ...basis.questions].flatMap(({ paths }) => paths));
  const seen = new Set<string>();
  const misplaced = placed.flatMap(({ path, at }): readonly ChoiceIssue[] => {
    const isRepeat = seen.has(path);
    seen.add(path);
    if (!known.has(path)) return [issue(at, 'path', 'It is not in dispute.')];
    return isRepeat ? [issue(at, 'path', 'It is chosen twice.')] : [];
  });
  const byGroup = basis.disputes.map((dispute) =>
    decideGroup(
      basis,
      dispute,
      placed.filter(({ path }) => dispute.paths.includes(path)),
    ),
  );
  const asked = basis.questions.map((question) => decideQuestion(question, placed));
  return {
    decisions: byGroup.flatMap(({ decisions }) => decisions),
    payments: asked.flatMap(({ payments }) => payments),
    issues: [...misplaced, ...[...byGroup, ...asked].flatMap(({ issues }) => issues)],
  };
}

type DecidedGroup = Omit<Decided, 'payments'>;

const refused = (...issues: readonly ChoiceIssue[]): DecidedGroup => ({ decisions: [], issues });

/** A coupled group is chosen as one: a path of it that is left out follows the others. */
function decideGroup(
  basis: ChoiceBasis,
  dispute: Dispute,
  choices: readonly Placed[],
): DecidedGroup {
  const [first, ...others] = choices;
  const name = labelFor(dispute.disputed[0] ?? '', basis.present.internal);
  if (first === undefined)
    return refused({ path: ['choices'], message: `Choose a value for ${name}.` });
  const differing = others.find(({ choice }) => choice !== first.choice);
  if (differing !== undefined)
    return refused(
      issue(differing.at, 'choice', `It is chosen together with ${name}, the same way.`),
    );
  if (!allowedChoices(dispute, basis.present, basis.facts).includes(first.choice))
    return refused(issue(first.at, 'choice', whyNot(basis, dispute, first.choice)));
  const surplus = choices.find(
    ({ choice, customValue }) => choice !== 'CUSTOM' && customValue !== null,
  );
  if (surplus !== undefined)
    return refused(issue(surplus.at, 'customValue', 'A value is given with CUSTOM only.'));
  const decided = decidedValues(basis, dispute, first.choice, choices);
  if (decided !== null && 'issues' in decided) return refused(...decided.issues);
  const { group, lineKey, paths, held, since } = dispute;
  const madeOn = since ?? { internal: held.internal, quickbooks: held.quickbooks };
  const decision = { group, lineKey, paths, choice: first.choice, madeOn, decided };
  const issues = problemsOf(basis, decision, choices);
  return issues.length > 0 ? refused(...issues) : { decisions: [decision], issues: [] };
}

function whyNot({ present, facts }: ChoiceBasis, dispute: Dispute, choice: FieldChoice): string {
  if (choice === 'KEEP_BASE') return 'There is no last agreed value that both sides would take.';
  const gone = dispute.group === 'existence' ? goneOn(present) : null;
  const isKept = choice === (gone === 'internal' ? 'KEEP_QUICKBOOKS' : 'KEEP_INTERNAL');
  const { numberThere } = dispute;
  const stop =
    gone !== null && isKept ? whyNotAgain({ ...present, facts, numberThere }, gone) : null;
  const taken = 'One of the sides would not take it; choose one of the allowed values.';
  return stop?.explanation ?? taken;
}
