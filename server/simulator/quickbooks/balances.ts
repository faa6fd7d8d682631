import type { ChangeSet } from './change-set.ts';
import type { EntityName } from './entities.ts';
import { refuse } from './fault-bodies.ts';
import { compact, listOf, referenceOf, textOf, type JsonObject } from './json.ts';
import { amountOf, Decimal, toCents } from './money.ts';

/** What a customer owes moves with invoices and payments: time moves, the SyncToken does not (quickbooks.md §4.1). */
export function moveCustomerBalance(
  change: ChangeSet,
  customerId: string | undefined,
  by: Decimal,
): void {
  const customer = customerId === undefined ? undefined : change.find('Customer', customerId);
  if (customer === undefined || by.isZero()) return;
  const balance = amountOf(customer, 'Balance').plus(by).toNumber();
  moveWithJobs(change, { ...customer, Balance: balance }, by, 0);
}

type Owed = { readonly customerId: string | undefined; readonly owed: Decimal };

/** Replaces what one form made a customer owe by what it makes one owe now; nothing moves when it is the same. */
export function shiftCustomerBalance(
  change: ChangeSet,
  { from, to }: { from: Owed; to: Owed },
): void {
  if (from.customerId === to.customerId) {
    moveCustomerBalance(change, to.customerId, to.owed.minus(from.owed));
    return;
  }
  moveCustomerBalance(change, from.customerId, from.owed.negated());
  moveCustomerBalance(change, to.customerId, to.owed);
}

/** Parents show the balances of their jobs too; the depth guards against a ring in loaded data. */
function moveWithJobs(change: ChangeSet, customer: JsonObject, by: Decimal, depth: number): void {
  const balanceWithJobs = amountOf(customer, 'BalanceWithJobs').plus(by).toNumber();
  change.touch('Customer', { ...customer, BalanceWithJobs: balanceWithJobs });
  const parentId = referenceOf(customer, 'ParentRef');
  const parent = parentId === undefined ? undefined : change.find('Customer', parentId);
  if (parent !== undefined && depth < 5) moveWithJobs(change, parent, by, depth + 1);
}

/** The open amount of a form, also in the home currency when the company has several. */
export function withBalance(form: JsonObject, balance: Decimal): JsonObject {
  const isForeign = form['HomeTotalAmt'] !== undefined || form['HomeBalance'] !== undefined;
  const home = toCents(balance.times(amountOf(form, 'ExchangeRate')));
  return compact({
    ...form,
    Balance: balance.toNumber(),
    HomeBalance: isForeign ? home.toNumber() : undefined,
  });
}

/** How much of an invoice, or of a credit memo, one payment takes. */
export type Application = {
  readonly entity: 'Invoice' | 'CreditMemo';
  readonly id: string;
  readonly amount: Decimal;
};

/** What the lines of a payment apply it to. */
export function applicationsOf(payment: JsonObject | undefined): readonly Application[] {
  return listOf(payment, 'Line').flatMap((line) =>
    listOf(line, 'LinkedTxn').flatMap((link) => {
      const entity = textOf(link, 'TxnType');
      const id = textOf(link, 'TxnId');
      if ((entity !== 'Invoice' && entity !== 'CreditMemo') || id === undefined) return [];
      return [{ entity, id, amount: amountOf(line, 'Amount') }];
    }),
  );
}

/** Moves the open amounts from what a payment took before to what it takes now. */
export function applyPayment(
  change: ChangeSet,
  paymentId: string,
  before: readonly Application[],
  after: readonly Application[],
): void {
  const keys = new Map(
    [...before, ...after].map(({ entity, id }) => [`${entity}/${id}`, { entity, id }]),
  );
  for (const { entity, id } of keys.values()) {
    const taken = totalOf(before, entity, id);
    const taking = totalOf(after, entity, id);
    const isLinked = after.some(
      (application) => application.entity === entity && application.id === id,
    );
    if (!taken.equals(taking) || !isLinked || !isKnownLink(change, entity, id, paymentId)) {
      applyToForm(change, { entity, id, paymentId, by: taking.minus(taken), isLinked });
    }
  }
}

function totalOf(applications: readonly Application[], entity: EntityName, id: string): Decimal {
  return applications
    .filter((application) => application.entity === entity && application.id === id)
    .reduce((sum, application) => sum.plus(application.amount), new Decimal(0));
}

function isKnownLink(
  change: ChangeSet,
  entity: EntityName,
  id: string,
  paymentId: string,
): boolean {
  return listOf(change.find(entity, id), 'LinkedTxn').some(
    (link) => textOf(link, 'TxnId') === paymentId,
  );
}

type FormChange = {
  readonly entity: 'Invoice' | 'CreditMemo';
  readonly id: string;
  readonly paymentId: string;
  readonly by: Decimal;
  readonly isLinked: boolean;
};

function applyToForm(change: ChangeSet, { entity, id, paymentId, by, isLinked }: FormChange): void {
  const form = change.find(entity, id);
  if (form === undefined) return;
  const open = amountOf(form, entity === 'Invoice' ? 'Balance' : 'RemainingCredit').minus(by);
  if (open.isNegative()) {
    refuse(
      '6000',
      `Business Validation Error: The amount applied to ${entity} ${id} is more than its open balance.`,
      '',
    );
  }
  const others = listOf(form, 'LinkedTxn').filter((link) => textOf(link, 'TxnId') !== paymentId);
  const link = isLinked ? [{ TxnId: paymentId, TxnType: 'Payment' }] : [];
  const linked = { ...withBalance(form, open), LinkedTxn: [...others, ...link] };
  const touched = entity === 'Invoice' ? linked : { ...linked, RemainingCredit: open.toNumber() };
  change.touch(entity, touched, entity === 'Invoice' && change.behaviour.tokenOnPayment);
}
