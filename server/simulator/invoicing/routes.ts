import type { FaultOperation } from '../control/faults.ts';
import { createCustomer } from './customers.ts';
import { entityTag, justAnswer, type Act, type Decision } from './decision.ts';
import {
  createInvoice,
  findInvoice,
  invoiceAnswer,
  patchInvoice,
  voidInvoice,
} from './invoices.ts';
import { createItem } from './items.ts';
import { listInvoices, listMasters } from './lists.ts';
import {
  deletePayment,
  findPayment,
  patchPayment,
  recordPayment,
  showPayment,
} from './payments.ts';
import { granted, refused, type Judged } from './problem.ts';
import type { Simulator } from './simulator.ts';

/** A request after authentication. */
export type Received = {
  readonly id: string;
  readonly query: unknown;
  readonly body: unknown;
  readonly ifMatch: string | null;
  readonly requestId: string | null;
};

/** A request at the moment it is carried out. */
type Call = Received & { readonly act: Act };

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One row of the table in http.md §4, with what the fault rules call it. */
export type Route = {
  readonly method: Method;
  readonly url: string;
  readonly operation: FaultOperation;
  readonly entity: string;
  readonly judge: (simulator: Simulator, call: Call) => Judged<Decision>;
};

export const routes: readonly Route[] = [
  {
    method: 'GET',
    url: '/invoices/:id',
    operation: 'read',
    entity: 'invoice',
    judge: ({ company, baseUrl }, { id }) => {
      const found = findInvoice(company, id);
      if (!found.ok) return found;
      return granted({ answer: invoiceAnswer(found.value.invoice, baseUrl), effect: null });
    },
  },
  {
    method: 'GET',
    url: '/invoices',
    operation: 'query',
    entity: 'invoice',
    judge: ({ company, clock, baseUrl }, { query }) =>
      listInvoices(company, query, clock.now(), baseUrl),
  },
  {
    method: 'POST',
    url: '/invoices',
    operation: 'create',
    entity: 'invoice',
    judge: ({ company, baseUrl }, { body, act }) => createInvoice(company, body, act, baseUrl),
  },
  {
    method: 'PATCH',
    url: '/invoices/:id',
    operation: 'update',
    entity: 'invoice',
    judge: ({ company, baseUrl }, { id, body, act, ifMatch }) => {
      const found = findInvoice(company, id);
      if (!found.ok) return found;
      const stale = staleness(ifMatch, found.value.invoice.version);
      return stale ?? patchInvoice(company, found.value, body, act, baseUrl);
    },
  },
  {
    method: 'POST',
    url: '/invoices/:id/void',
    operation: 'void',
    entity: 'invoice',
    judge: ({ company, baseUrl }, { id, act, ifMatch }) => {
      const found = findInvoice(company, id);
      if (!found.ok) return found;
      const stale = staleness(ifMatch, found.value.invoice.version);
      return stale ?? voidInvoice(found.value, act, baseUrl);
    },
  },
  {
    method: 'POST',
    url: '/invoices/:id/payments',
    operation: 'create',
    entity: 'payment',
    judge: ({ company, baseUrl }, { id, body, act }) => {
      const found = findInvoice(company, id);
      return found.ok ? recordPayment(company, found.value, body, act, baseUrl) : found;
    },
  },
  {
    method: 'GET',
    url: '/payments/:id',
    operation: 'read',
    entity: 'payment',
    judge: ({ company }, { id }) => {
      const found = findPayment(company, id);
      if (!found.ok) return found;
      const { payment, record } = found.value;
      const etag = entityTag(payment.version);
      return justAnswer(showPayment(payment, record.invoice.id), { etag });
    },
  },
  {
    method: 'PATCH',
    url: '/payments/:id',
    operation: 'update',
    entity: 'payment',
    judge: ({ company, baseUrl }, { id, body, act, ifMatch }) => {
      const found = findPayment(company, id);
      if (!found.ok) return found;
      const stale = staleness(ifMatch, found.value.payment.version);
      return stale ?? patchPayment(company, found.value, body, act, baseUrl);
    },
  },
  {
    method: 'DELETE',
    url: '/payments/:id',
    operation: 'delete',
    entity: 'payment',
    judge: ({ company, baseUrl }, { id, act, ifMatch }) => {
      const found = findPayment(company, id);
      if (!found.ok) return found;
      const stale = staleness(ifMatch, found.value.payment.version);
      return stale ?? deletePayment(found.value, act, baseUrl);
    },
  },
  masterList('/customers', 'customer', 'customers'),
  masterList('/items', 'item', 'items'),
  masterList('/tax-codes', 'taxCode', 'taxCodes'),
  masterList('/terms', 'term', 'terms'),
  masterList('/payment-methods', 'paymentMethod', 'paymentMethods'),
  {
    method: 'POST',
    url: '/customers',
    operation: 'create',
    entity: 'customer',
    judge: ({ company }, { body, act }) => createCustomer(company, body, act),
  },
  {
    method: 'POST',
    url: '/items',
    operation: 'create',
    entity: 'item',
    judge: ({ company }, { body, act }) => createItem(company, body, act),
  },
];

function masterList(
  url: string,
  entity: string,
  name: 'customers' | 'items' | 'taxCodes' | 'terms' | 'paymentMethods',
): Route {
  return {
    method: 'GET',
    url,
    operation: 'query',
    entity,
    judge: ({ company }, { query }) => listMasters(name, company.records[name], query),
  };
}

/** Null when `If-Match` names this version (RFC 9110 §13.1.1: strong comparison, so a weak tag never does). */
function staleness(ifMatch: string | null, version: string) {
  if (ifMatch === null)
    return refused('version-missing', 'Send If-Match with the version you read.');
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.includes('*') || tags.includes(entityTag(version))) return null;
  return refused('version-moved', `The version is ${version} now, If-Match said ${ifMatch}.`);
}
