import type {
  NeedingConflictsQuery,
  NeedingDeadLettersQuery,
} from './graphql/generated/graphql.ts';
import { isZeroDecimal } from './format/decimal.ts';
import type { MoneyValue } from './format/money.ts';

type Conflict = NeedingConflictsQuery['conflicts']['nodes'][number];
type DeadLetter = NeedingDeadLettersQuery['deadLetters']['nodes'][number];
type Invoice = Conflict['invoice'];

/** One thing that waits on a person. */
export type Need = {
  readonly kind: 'conflict' | 'dead-letter';
  readonly id: string;
  readonly number: string | null;
  readonly customer: string | null;
  readonly money: MoneyValue | null;
  readonly sentence: string;
};

const totalOf = (invoice: Invoice | null) =>
  invoice?.internal?.total ?? invoice?.quickbooks?.total ?? null;

const customerOf = (invoice: Invoice | null) =>
  (invoice?.internal ?? invoice?.quickbooks)?.customer.name ?? null;

function ofConflict({ id, amountAtStake, invoice }: Conflict): Need {
  return {
    kind: 'conflict',
    id,
    number: invoice.number,
    customer: customerOf(invoice),
    money: isZeroDecimal(amountAtStake.amount) ? null : amountAtStake,
    sentence: invoice.statusReason,
  };
}

function ofDeadLetter({ id, explanation, event: { invoice } }: DeadLetter): Need {
  return {
    kind: 'dead-letter',
    id,
    number: invoice?.number ?? null,
    customer: customerOf(invoice),
    money: totalOf(invoice),
    sentence: explanation,
  };
}

/** Only to put one before the other; an amount is never worked out from it. */
const sizeOf = ({ money }: Need): number => Math.abs(Number(money?.amount ?? 0));

/** Conflicts and dead letters in one line, most money first; a conflict counts what is apart, a dead letter the whole invoice. */
export function needsInOrder(
  conflicts: readonly Conflict[],
  deadLetters: readonly DeadLetter[],
): Need[] {
  return [...conflicts.map(ofConflict), ...deadLetters.map(ofDeadLetter)].toSorted(
    (one, other) => sizeOf(other) - sizeOf(one),
  );
}

/** What each kind is called. */
export const needKindLabels: Record<Need['kind'], string> = {
  conflict: 'Conflict',
  'dead-letter': 'Dead letter',
};
