// The contract of docs/invoicing-contract.md, whole, in one file and in memory: what your own system does in its own
// way. `node docs/examples/invoicing-system.mjs`, then `npm run check:invoicing -- http://127.0.0.1:4321 --token example-token`
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
const token = process.env.INVOICING_TOKEN ?? 'example-token';

class Problem extends Error {
  constructor(status, title, more = {}) {
    super(title);
    this.answer = { status, body: { title, status, ...more } };
  }
}
const wrongField = (path, message) => new Problem(422, `${path} ${message}`, { errors: [{ path, message }] });

// Money as whole numbers of 1/10,000,000: exact, whatever the amount.
const unit = 10_000_000n;
function units(text, path) {
  if (typeof text !== 'string' || !/^\d{1,15}(\.\d{1,7})?$/.test(text))
    throw wrongField(path, 'must be a decimal string');
  const [whole, part = ''] = text.split('.');
  return BigInt(whole) * unit + BigInt(part.padEnd(7, '0'));
}
const cents = (size) => (size + 50_000n) / 100_000n; // half up; credits are no invoices here
const money = (inCents) => String(inCents).padStart(3, '0').replace(/(..)$/, '.$1');
const invoices = new Map();
const customers = new Map([['cus_1', { id: 'cus_1', displayName: 'Globex Corp' }]]);
const items = new Map([['itm_1', { id: 'itm_1', sku: 'HW-1', name: 'Hardware' }]]);
const deletedPayments = new Set();
const answers = new Map(); // by Idempotency-Key; a real system keeps them 30 days, in the transaction of the write
let lastMs = 0; // a change has its own instant, so that a page of changes can end between any two
const stamp = () => new Date((lastMs = Math.max(Date.now(), lastMs + 1))).toISOString();
const writable = ['externalRef', 'number', 'currency', 'exchangeRate', 'customer', 'issueDate', 'dueDate', 'terms',
  'taxInclusive', 'poNumber', 'customerMemo', 'privateNote', 'billTo', 'lines', 'discount', 'taxTotal'];
function lineOf(line, place) {
  const at = `lines[${place}]`;
  const { quantity = null, unitPrice = null } = line;
  const size = quantity !== null && unitPrice !== null
    ? (units(quantity, `${at}.quantity`) * units(unitPrice, `${at}.unitPrice`)) / unit
    : units(line.amount ?? '0', `${at}.amount`);
  const item = line.item == null ? null : items.get(line.item.id);
  if (item === undefined) throw wrongField(`${at}.item`, 'is not known');
  const amount = money(cents(size));
  return { description: null, ...line, id: line.id ?? randomUUID(), item, quantity, unitPrice, amount };
}
/** The one place an invoice changes: what is written merges in, what is derived is derived, the version moves. */
function save(held, patch) {
  for (const name of Object.keys(patch))
    if (!writable.includes(name)) throw wrongField(name, 'cannot be written');
  const merged = { ...held, ...patch };
  const customer = customers.get(merged.customer?.id);
  if (customer === undefined) throw wrongField('customer', 'is not known');
  if (!(merged.lines?.length > 0)) throw wrongField('lines', 'must hold at least one line');
  const lines = merged.lines.map(lineOf);
  const sum = (amounts) => amounts.reduce((total, { amount }) => total + cents(units(amount)), 0n);
  const isVoid = merged.status === 'void';
  const subtotal = isVoid ? 0n : sum(lines);
  const { discount } = merged;
  const off = discount?.percent
    ? (subtotal * units(discount.percent, 'discount.percent') + 50n * unit) / (100n * unit)
    : cents(units(discount?.amount ?? '0', 'discount.amount'));
  const tax = cents(units(merged.taxTotal ?? '0', 'taxTotal')); // it knows no rates of its own
  const total = isVoid ? 0n : subtotal - off + tax;
  const paid = sum(merged.payments);
  if (paid > total) throw new Problem(409, 'The payments would exceed the total.');
  const saved = {
    ...merged,
    customer, lines, subtotal: money(subtotal), taxTotal: money(isVoid ? 0n : tax), total: money(total),
    amountPaid: money(paid), balanceDue: money(total - paid),
    status: isVoid ? 'void' : paid > 0n && paid === total ? 'paid' : 'open',
    version: String(Number(held.version) + 1),
    updatedAt: stamp(),
  };
  invoices.set(saved.id, saved);
  return saved;
}
function create(body) {
  const ref = body.externalRef ?? null;
  const taken = [...invoices.values()].find((one) => ref !== null && one.externalRef === ref);
  if (taken) throw new Problem(409, 'The externalRef is taken.', { invoiceId: taken.id });
  const start = Object.fromEntries(writable.map((name) => [name, null]));
  const given = { currency: 'USD', taxInclusive: false, issueDate: stamp().slice(0, 10) };
  return save({ ...start, ...given, id: randomUUID(), version: '0', status: 'open', payments: [] }, body);
}
function found(id) {
  if (!invoices.has(id)) throw new Problem(404, 'There is no such invoice.');
  return invoices.get(id);
}
function foundPayment(id) {
  if (deletedPayments.has(id)) throw new Problem(410, 'The payment was deleted.');
  for (const invoice of invoices.values()) {
    const payment = invoice.payments.find((one) => one.id === id);
    if (payment) return { invoice, payment };
  }
  throw new Problem(404, 'There is no such payment.');
}
function checkVersion(headers, { version }) {
  if (headers['if-match'] !== `"${version}"`) throw new Problem(412, 'The version moved.');
}
function withPayments(invoice, payments, payment, status = 200) {
  if (units(payment.amount, 'amount') <= 0n) throw wrongField('amount', 'must be above zero');
  const saved = save({ ...invoice, payments }, {});
  return { status, body: { payment, invoice: saved }, etag: saved.version };
}
const shown = (invoice, status = 200) => ({ status, body: invoice, etag: invoice.version });
function listInvoices(query) {
  const all = [...invoices.values()].sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
  const ref = query.get('externalRef');
  if (ref !== null) return { invoices: all.filter((one) => one.externalRef === ref) };
  const sinceMs = Date.parse(query.get('updatedSince') ?? '2000-01-01');
  const after = query.get('cursor') ?? '';
  const rest = all.filter((one) => Date.parse(one.updatedAt) >= sinceMs && one.updatedAt > after);
  const page = rest.slice(0, Number(query.get('limit') ?? 100));
  return { invoices: page, nextCursor: page.length < rest.length ? page.at(-1).updatedAt : null };
}
function makeRecord(records, body, id = randomUUID()) {
  records.set(id, { ...body, id, version: '1' });
  return { status: 201, body: records.get(id) };
}
const list = (name, records) => ({ status: 200, body: { [name]: records, nextCursor: null } });
const calls = {
  'GET /invoices': ({ query }) => ({ status: 200, body: listInvoices(query) }),
  'POST /invoices': ({ body }) => shown(create(body), 201),
  'GET /invoices/:id': ({ id }) => shown(found(id)),
  'PATCH /invoices/:id': ({ id, body, headers }) => {
    const held = found(id);
    checkVersion(headers, held);
    if (held.externalRef !== null && (body.externalRef ?? held.externalRef) !== held.externalRef)
      throw wrongField('externalRef', 'is written once');
    return shown(save(held, body));
  },
  'POST /invoices/:id/void': ({ id, headers }) => {
    const held = found(id);
    checkVersion(headers, held);
    if (held.payments.length > 0) throw new Problem(409, 'Payments forbid it: delete them first.');
    return shown(save({ ...held, status: 'void' }, {}));
  },
  'POST /invoices/:id/payments': ({ id, body }) => {
    const payment = { date: stamp().slice(0, 10), ...body, id: randomUUID(), version: '1' };
    return withPayments(found(id), [...found(id).payments, payment], payment, 201);
  },
  'GET /payments/:id': ({ id }) => {
    const { invoice, payment } = foundPayment(id);
    return { status: 200, body: { ...payment, invoiceId: invoice.id }, etag: payment.version };
  },
  'PATCH /payments/:id': ({ id, body, headers }) => {
    const { invoice, payment } = foundPayment(id);
    checkVersion(headers, payment);
    const changed = { ...payment, ...body, id, version: String(Number(payment.version) + 1) };
    return withPayments(invoice, invoice.payments.map((one) => (one.id === id ? changed : one)), changed);
  },
  'DELETE /payments/:id': ({ id, headers }) => {
    const { invoice, payment } = foundPayment(id);
    checkVersion(headers, payment);
    deletedPayments.add(id);
    return withPayments(invoice, invoice.payments.filter((one) => one.id !== id), payment);
  },
  'GET /customers': () => list('customers', [...customers.values()]),
  'POST /customers': ({ body }) => makeRecord(customers, body),
  'GET /items': () => list('items', [...items.values()]),
  'POST /items': ({ body }) => makeRecord(items, body),
  'GET /tax-codes': () => list('taxCodes', [{ id: 'NON', name: 'Not taxable' }]),
  'GET /terms': () => list('terms', [{ id: 'net-30', name: 'Net 30' }]),
  'GET /payment-methods': () => list('paymentMethods', [{ id: 'ach', name: 'ACH' }]),
};
function answerOf({ method, url, headers }, text) {
  if (headers.authorization !== `Bearer ${token}`) throw new Problem(401, 'The token is not known.');
  const { pathname, searchParams: query } = new URL(url, 'http://localhost');
  const [, root, id, ...rest] = pathname.split('/');
  const call = calls[[method, ['', root, ...(id ? [':id'] : []), ...rest].join('/')].join(' ')];
  if (call === undefined) throw new Problem(405, 'There is no such call.');
  const asked = { id, query, headers, body: text === '' ? {} : JSON.parse(text) };
  if (method === 'GET') return call(asked);
  const key = headers['idempotency-key'];
  if (key === undefined) throw new Problem(400, 'Send an Idempotency-Key.');
  const print = [method, pathname, text].join(' ');
  const first = answers.get(key);
  if ((first?.print ?? print) !== print) throw new Problem(409, 'The key is taken.');
  const answer = first?.answer ?? call(asked);
  answers.set(key, { print, answer }); // a refusal changed nothing and is judged anew
  return answer;
}
async function serve(request, response) {
  let [text, answer] = ['', null];
  for await (const chunk of request) text += chunk;
  try {
    answer = answerOf(request, text);
  } catch (error) {
    ({ answer } = error instanceof Problem ? error : new Problem(500, 'A bug.'));
  }
  const { status, body, etag } = answer;
  if (etag !== undefined) response.setHeader('etag', `"${etag}"`);
  response.setHeader('content-type', `application/${status < 400 ? '' : 'problem+'}json`);
  response.writeHead(status).end(JSON.stringify(body));
}
const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy()); // the caller hung up
});
const listening = () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
server.listen(Number(process.argv[2] ?? 4321), '127.0.0.1', listening);
