import { z } from 'zod';
import type { Act, Decision } from './decision.ts';
import {
  createInvoice,
  deleteInvoice,
  findInvoice,
  patchInvoice,
  voidInvoice,
} from './invoices.ts';
import { readOnly as readOnlyFields } from './invoice-write.ts';
import { isJsonObject, type JsonObject } from './merge-patch.ts';
import { takeInvoice } from './whole-invoice.ts';
import { deletePayment, findPayment, patchPayment, recordPayment } from './payments.ts';
import { granted, type Judged } from './problem.ts';
import type { Simulator } from './simulator.ts';

const json = z.record(z.string(), z.unknown());
const by = z.string().min(1).optional();
const id = z.string();

/** The body of `POST /_control/human` (http.md §6). `by` names the person; without it a colleague is picked. */
export const humanAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('create'), invoice: json, by }),
  z.strictObject({ action: z.literal('edit'), id, set: json, by }),
  z.strictObject({
    action: z.literal('pay'),
    id,
    amount: z.string(),
    date: z.string().optional(),
    method: z.string().optional(),
    reference: z.string().optional(),
    by,
  }),
  z.strictObject({
    action: z.literal('edit-payment'),
    paymentId: z.string(),
    amount: z.string().optional(),
    date: z.string().optional(),
    by,
  }),
  z.strictObject({ action: z.literal('unpay'), paymentId: z.string(), by }),
  z.strictObject({ action: z.literal('void'), id, by }),
  z.strictObject({ action: z.literal('delete'), id, by }),
]);
export type HumanAction = z.infer<typeof humanAction>;

/** What a person did: the invoice, its version after it, and the payment where there is one. */
export type HumanDeed = {
  readonly id: string;
  readonly version: string;
  readonly paymentId?: string;
};

/** Does what a person at the screen would do, without a version to match: they always see the latest. */
export function actAsHuman(
  simulator: Simulator,
  action: HumanAction,
  person: string,
): Judged<HumanDeed> {
  const { action: verb, by, ...body } = action;
  const act = simulator.act('human', by ?? person);
  let deed: HumanDeed | null = null;

  const judge = (): Judged<Decision> => {
    const judged = judgeAction(simulator, action, act);
    if (judged.ok) deed = deedOf(judged.value);
    return judged;
  };
  const outcome = simulator.perform(judge, act, { verb, ...body });
  if (!outcome.ok) return outcome;
  if (deed === null) throw new Error(`${verb} was granted without an invoice`);
  return granted(deed);
}

function judgeAction(simulator: Simulator, action: HumanAction, act: Act): Judged<Decision> {
  const { company, baseUrl } = simulator;
  switch (action.action) {
    case 'create':
      return (
        takeInvoice(company, action.invoice, act, baseUrl) ??
        createInvoice(company, withoutReadOnly(action.invoice), act, baseUrl)
      );
    case 'edit': {
      const found = findInvoice(company, action.id);
      if (!found.ok) return found;
      return patchInvoice(company, found.value, withFreshTax(action.set), act, baseUrl);
    }
    case 'pay': {
      const found = findInvoice(company, action.id);
      if (!found.ok) return found;
      const { amount, date, method, reference } = action;
      return recordPayment(
        company,
        found.value,
        given({ amount, date, method, reference }),
        act,
        baseUrl,
      );
    }
    case 'edit-payment': {
      const found = findPayment(company, action.paymentId);
      if (!found.ok) return found;
      const { amount, date } = action;
      return patchPayment(company, found.value, given({ amount, date }), act, baseUrl);
    }
    case 'unpay': {
      const found = findPayment(company, action.paymentId);
      return found.ok ? deletePayment(found.value, act, baseUrl) : found;
    }
    case 'void': {
      const found = findInvoice(company, action.id);
      return found.ok ? voidInvoice(found.value, act, baseUrl) : found;
    }
    case 'delete': {
      const found = findInvoice(company, action.id);
      return found.ok ? deleteInvoice(found.value, act, baseUrl) : found;
    }
    default:
      return action satisfies never;
  }
}

const moneyFields = ['lines', 'discount', 'taxInclusive', 'currency'];

/** Whoever edits amounts at the screen gets the tax worked out anew, unless they state it. */
function withFreshTax(set: JsonObject): JsonObject {
  const movesMoney = moneyFields.some((field) => Object.hasOwn(set, field));
  return movesMoney ? { taxTotal: null, ...set } : set;
}

/** A screen shows derived fields and takes none: they are passed over, not refused. */
function withoutReadOnly(invoice: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(invoice).filter(([key]) => !readOnlyFields.has(key)));
}

function given(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const shown = z.object({ id: z.string(), version: z.string() });
const shownWithPayment = z.object({ invoice: shown, payment: shown });

function deedOf({ answer: { body } }: Decision): HumanDeed {
  if (!isJsonObject(body) || body['payment'] === undefined) return shown.parse(body);
  const { invoice, payment } = shownWithPayment.parse(body);
  return { ...invoice, paymentId: payment.id };
}
