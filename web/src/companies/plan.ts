import { addDecimal } from '../format/decimal.ts';
import type { MoneyValue } from '../format/money.ts';
import type { PlannedPartsFragment, Side } from '../graphql/generated/graphql.ts';
import { operationVerbs } from '../state-labels.ts';

/** Planned writes of one kind to one side, with the money of the invoices they are about, each currency by itself. */
export type PlanGroup = {
  readonly key: string;
  readonly side: Side;
  readonly verb: string;
  readonly count: number;
  readonly money: readonly MoneyValue[];
};

function totalsOf(writes: readonly PlannedPartsFragment[]): MoneyValue[] {
  const totals = new Map<string, string>();
  for (const { invoice } of writes) {
    const total = (invoice?.internal ?? invoice?.quickbooks)?.total;
    if (total === undefined) continue;
    const sum = addDecimal(totals.get(total.currency) ?? '0', total.amount);
    if (sum !== null) totals.set(total.currency, sum);
  }
  return [...totals].map(([currency, amount]) => ({ currency, amount }));
}

/** Gathers planned writes by side and by what they do, in the order they first come. */
export function planGroups(writes: readonly PlannedPartsFragment[]): PlanGroup[] {
  const groups = Map.groupBy(writes, ({ side, kind, reference }) =>
    [side, kind, reference === null ? '' : 'reference'].join(' '),
  );
  return [...groups].flatMap(([key, members]) => {
    const [first] = members;
    if (first === undefined) return [];
    const what = first.reference === null ? '' : ' records';
    const verb = `${operationVerbs[first.kind]}${what}`;
    return [{ key, side: first.side, verb, count: members.length, money: totalsOf(members) }];
  });
}
