import { z } from 'zod';
import { hashBody } from '../control/mutation-log.ts';
import type { ChangeSet } from './change-set.ts';
import { entities, traitsOf, type EntityName } from './entities.ts';
import { objectNotFound, refuse } from './fault-bodies.ts';
import {
  isObject,
  listOf,
  objectOf,
  referenceOf,
  textOf,
  type Json,
  type JsonObject,
} from './json.ts';
import { sendForm } from './mail.ts';
import { amountOf, sumOf, toCents, toDecimal, zero } from './money.ts';
import { mergeCustomers, mergeItems } from './merge.ts';
import type { Act, QuickBooksSimulator } from './simulator.ts';
import { write, type WriteOperation } from './writes.ts';

const entity = z.custom<EntityName>(
  (value) => typeof value === 'string' && Object.hasOwn(entities, value),
  'not an entity',
);
const body = z.custom<JsonObject>(isObject, 'not an object');
const id = z.union([z.string().min(1), z.int().transform(String)]);
const amount = z.union([z.number(), z.string()]);

/** The body of `POST /_control/realms/{realm}/human` (http.md §5). */
export const humanAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('create'), entity, body }),
  z.strictObject({ action: z.literal('edit'), entity, id, set: body }),
  z.strictObject({
    action: z.literal('pay'),
    invoices: z.array(z.strictObject({ id, amount: amount.optional() })).min(1),
    date: z.string().optional(),
  }),
  z.strictObject({ action: z.literal('edit-payment'), id, amount }),
  z.strictObject({ action: z.literal('unpay'), id }),
  z.strictObject({ action: z.literal('apply-credit'), invoiceId: id, amount: amount.optional() }),
  z.strictObject({ action: z.literal('deposit'), paymentIds: z.array(id).min(1) }),
  z.strictObject({ action: z.literal('void'), entity, id }),
  z.strictObject({ action: z.literal('delete'), entity, id }),
  z.strictObject({ action: z.literal('deactivate'), entity, id }),
  z.strictObject({
    action: z.literal('merge'),
    entity: entity.default('Customer'),
    from: id,
    into: id,
  }),
  z.strictObject({ action: z.literal('renumber'), id, number: z.string() }),
  z.strictObject({
    action: z.literal('close-books'),
    through: z.string().nullable(),
    password: z.boolean().optional(),
  }),
  z.strictObject({ action: z.literal('send'), id, to: z.string().optional() }),
]);
export type HumanAction = z.infer<typeof humanAction>;

/** What an action touched first of all. */
export type HumanOutcome = {
  readonly entity: EntityName;
  readonly id: string;
  readonly syncToken: string;
};

type Touched = {
  readonly entity: EntityName;
  readonly object: JsonObject;
  readonly isChanged: boolean;
};

/** Acts as a person at the screen of QuickBooks: the same books, the same rules, other habits. */
export function actAsHuman(
  simulator: QuickBooksSimulator,
  realm: string,
  action: HumanAction,
): HumanOutcome {
  const act: Act = { realm, actor: 'human', requestId: null, bodyHash: hashBody(action) };
  return simulator.perform(act, (change) => {
    const touched = carryOut(change, action);
    const result = {
      entity: touched.entity,
      id: textOf(touched.object, 'Id') ?? '',
      syncToken: textOf(touched.object, 'SyncToken') ?? '0',
    };
    return { result, isChanged: touched.isChanged };
  });
}

function carryOut(change: ChangeSet, action: HumanAction): Touched {
  switch (action.action) {
    case 'create':
      return save(change, action.entity, 'create', action.body);
    case 'edit':
      return save(change, action.entity, 'update', {
        ...action.set,
        ...version(change, action.entity, action.id),
        sparse: true,
      });
    case 'pay':
      return pay(change, action);
    case 'edit-payment':
      return editPayment(change, action.id, action.amount);
    case 'unpay':
      return save(change, 'Payment', 'delete', version(change, 'Payment', action.id));
    case 'apply-credit':
      return applyCredit(change, action.invoiceId, action.amount);
    case 'deposit':
      return deposit(change, action.paymentIds);
    case 'void':
    case 'delete':
      return save(change, action.entity, action.action, version(change, action.entity, action.id));
    case 'deactivate':
      return deactivate(change, action.entity, action.id);
    case 'merge':
      return mergeInto(change, action);
    case 'renumber':
      return save(change, 'Invoice', 'update', {
        DocNumber: action.number,
        ...version(change, 'Invoice', action.id),
        sparse: true,
      });
    case 'close-books':
      return closeBooks(change, action.through, action.password === true);
    case 'send':
      return {
        entity: 'Invoice',
        object: sendForm(change, { entity: 'Invoice', id: action.id, to: action.to }),
        isChanged: true,
      };
    default:
      return action satisfies never;
  }
}

function save(
  change: ChangeSet,
  entity: EntityName,
  operation: WriteOperation,
  body: JsonObject,
): Touched {
  const { object, isChanged } = write(change, {
    entity,
    operation,
    body,
    allowDuplicateNumber: false,
  });
  const token = operation === 'delete' ? { SyncToken: textOf(body, 'SyncToken') ?? '0' } : {};
  return { entity, object: { ...object, ...token }, isChanged };
}

/** A person always acts on what is on the screen: the current version. */
function version(change: ChangeSet, entity: EntityName, id: string): JsonObject {
  const object = change.find(entity, id);
  if (object === undefined) throw objectNotFound();
  return { Id: id, SyncToken: textOf(object, 'SyncToken') ?? '0' };
}

function requireAmount(value: Json): ReturnType<typeof toCents> {
  const number = toDecimal(value);
  if (number === undefined) refuse('2090', `Invalid Number : ${JSON.stringify(value)}`, 'amount');
  return toCents(number);
}

function pay(
  change: ChangeSet,
  { invoices, date }: Extract<HumanAction, { action: 'pay' }>,
): Touched {
  const lines = invoices.map((wanted) => {
    const invoice = change.find('Invoice', wanted.id);
    if (invoice === undefined) throw objectNotFound();
    const paid =
      wanted.amount === undefined ? amountOf(invoice, 'Balance') : requireAmount(wanted.amount);
    const customer = invoice['CustomerRef'] ?? null;
    return {
      customer,
      paid,
      line: { Amount: paid.toNumber(), LinkedTxn: [{ TxnId: wanted.id, TxnType: 'Invoice' }] },
    };
  });
  return save(change, 'Payment', 'create', {
    CustomerRef: lines[0]?.customer ?? null,
    TotalAmt: sumOf(lines.map(({ paid }) => paid)).toNumber(),
    TxnDate: date ?? change.today,
    Line: lines.map(({ line }) => line),
  });
}

/** The money received changes; what it pays follows, the last line first. */
function editPayment(change: ChangeSet, id: string, wanted: Json): Touched {
  const payment = change.find('Payment', id);
  if (payment === undefined) throw objectNotFound();
  let left = requireAmount(wanted);
  const total = left;
  const lines = listOf(payment, 'Line');
  const settled = lines.flatMap((line, index) => {
    const room = index === lines.length - 1 ? openFor(change, line) : amountOf(line, 'Amount');
    const given = left.lessThan(room) ? left : room;
    left = left.minus(given);
    return given.isZero() ? [] : [{ ...line, Amount: given.toNumber() }];
  });
  return save(change, 'Payment', 'update', {
    ...version(change, 'Payment', id),
    sparse: true,
    TotalAmt: total.toNumber(),
    Line: settled,
  });
}

function openFor(change: ChangeSet, line: JsonObject): ReturnType<typeof toCents> {
  const link = listOf(line, 'LinkedTxn')[0];
  const invoice = change.find('Invoice', textOf(link, 'TxnId') ?? '');
  return amountOf(line, 'Amount').plus(invoice === undefined ? zero : amountOf(invoice, 'Balance'));
}

/** Uses the customer's oldest credit memo that has enough left: a payment of zero links the two (quickbooks.md §7.6). */
function applyCredit(change: ChangeSet, invoiceId: string, wanted: Json | undefined): Touched {
  const invoice = change.find('Invoice', invoiceId);
  if (invoice === undefined) throw objectNotFound();
  const customerId = referenceOf(invoice, 'CustomerRef');
  const balance = amountOf(invoice, 'Balance');
  const asked = wanted === undefined ? undefined : requireAmount(wanted);
  const memo = change
    .all('CreditMemo')
    .filter((candidate) => referenceOf(candidate, 'CustomerRef') === customerId)
    .find((candidate) =>
      amountOf(candidate, 'RemainingCredit').greaterThanOrEqualTo(asked ?? 0.01),
    );
  if (memo === undefined) {
    refuse('6000', 'Business Validation Error: This customer has no credit of that size.', '');
  }
  const remaining = amountOf(memo, 'RemainingCredit');
  const used = asked ?? (remaining.lessThan(balance) ? remaining : balance);
  const line = (TxnType: string, TxnId: string): JsonObject => ({
    Amount: used.toNumber(),
    LinkedTxn: [{ TxnId, TxnType }],
  });
  return save(change, 'Payment', 'create', {
    CustomerRef: invoice['CustomerRef'] ?? null,
    TotalAmt: 0,
    Line: [line('Invoice', invoiceId), line('CreditMemo', textOf(memo, 'Id') ?? '')],
  });
}

/** Brings payments to the bank; from then on they cannot change (6540). */
function deposit(change: ChangeSet, paymentIds: readonly string[]): Touched {
  const account = change
    .all('Account')
    .find((candidate) => textOf(candidate, 'AccountType') === 'Bank');
  const lines = paymentIds.map((paymentId) => {
    const payment = change.find('Payment', paymentId);
    if (payment === undefined) throw objectNotFound();
    return {
      Amount: amountOf(payment, 'TotalAmt').toNumber(),
      LinkedTxn: [{ TxnId: paymentId, TxnType: 'Payment', TxnLineId: '0' }],
    };
  });
  return save(change, 'Deposit', 'create', {
    DepositToAccountRef: { value: textOf(account, 'Id') ?? '' },
    Line: lines,
  });
}

function deactivate(change: ChangeSet, entity: EntityName, id: string): Touched {
  const object = change.find(entity, id);
  if (object === undefined) throw objectNotFound();
  if (traitsOf(entity).kind !== 'list')
    refuse('500', `Operation deactivate on ${entity} is not supported.`);
  // Some lists need their name in every update (quickbooks.md §2.5); people have no such field to send (2010).
  const name = traitsOf(entity).name === 'Name' ? { Name: object['Name'] ?? null } : {};
  return save(change, entity, 'update', {
    ...version(change, entity, id),
    sparse: true,
    Active: false,
    ...name,
  });
}

function mergeInto(
  change: ChangeSet,
  { entity, from, into }: Extract<HumanAction, { action: 'merge' }>,
): Touched {
  if (entity === 'Customer')
    return { entity, object: mergeCustomers(change, from, into), isChanged: true };
  if (entity === 'Item') return { entity, object: mergeItems(change, from, into), isChanged: true };
  return refuse('500', `Operation merge on ${entity} is not supported.`);
}

/** Closes the books through a day, or opens them again; Preferences tell (quickbooks.md §4.2). */
function closeBooks(change: ChangeSet, through: string | null, withPassword: boolean): Touched {
  const preferences = change.single('Preferences');
  if (preferences === undefined) throw objectNotFound();
  const { BookCloseDate: _earlier, ...accounting } =
    objectOf(preferences, 'AccountingInfoPrefs') ?? {};
  change.set('booksPassword', withPassword ? 'yes' : 'no');
  const closed = through === null ? accounting : { ...accounting, BookCloseDate: through };
  const object = change.revise('Preferences', { ...preferences, AccountingInfoPrefs: closed });
  return { entity: 'Preferences', object, isChanged: true };
}
