import { separateMoney, type PaymentChoice } from '../payment/payment-choices.ts';
import type { PaymentStep } from '../payment/payment-plan.ts';
import { issue, type ChoiceIssue, type Placed } from './decided-values.ts';
import type { PaymentQuestion } from './dispute.ts';

/** What a person chose about payments, and what it writes as both sides stood when it was asked. */
export type ChosenPayment = {
  readonly made: PaymentChoice;
  readonly steps: readonly PaymentStep[];
};

type DecidedQuestion = {
  readonly payments: readonly ChosenPayment[];
  readonly issues: readonly ChoiceIssue[];
};

/** Turns the choice for a question about payments into a decision; a problem is named. */
export function decideQuestion(
  { about, options, barred = [], why, paths }: PaymentQuestion,
  choices: readonly Placed[],
): DecidedQuestion {
  const refused = (one: ChoiceIssue): DecidedQuestion => ({ payments: [], issues: [one] });
  const placed = choices.find(({ path }) => paths.includes(path));
  if (placed === undefined)
    return refused({ path: ['choices'], message: `Choose what becomes of the payment. ${why}` });
  const { at, choice, customValue } = placed;
  const option = options.find((one) => one.choice === choice);
  const bar = barred.find((one) => one.choice === choice);
  if (option === undefined && bar !== undefined)
    return refused(issue(at, 'choice', `That cannot be carried out. ${bar.why}`));
  if (option === undefined) {
    const others =
      options.length === 0
        ? 'Put it right in the system where the payment was made, and the conflict ends by itself.'
        : 'Choose one of the allowed values.';
    return refused(issue(at, 'choice', `That cannot be carried out: ${why} ${others}`));
  }
  const wanted = choice === 'CUSTOM' ? separateMoney : null;
  if (customValue !== wanted) {
    const message =
      wanted === null
        ? 'A value is given with CUSTOM only.'
        : `Give ${separateMoney} to say that each payment is money of its own.`;
    return refused(issue(at, 'customValue', message));
  }
  return { payments: [{ made: { ...about, choice }, steps: option.steps }], issues: [] };
}
