import { beforeEach, expect, test } from 'vitest';
import { plainInvoice, smallCompany, startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({}, smallCompany);
});

test('a created invoice is answered with 201, its place, its version and everything derived', async () => {
  const reply = await world.post('/invoices', {
    ...plainInvoice,
    externalRef: 'ref-1',
    number: 'A-7',
    dueDate: '2026-12-20',
    terms: 'net-30',
    discount: { percent: '10.0' },
  });

  expect(reply.status).toBe(201);
  expect(reply.headers.get('location')).toBe(`${world.url}/invoices/inv_1`);
  expect(reply.headers.get('etag')).toBe('"1"');
  expect(reply.body).toMatchObject({
    externalRef: 'ref-1',
    number: 'A-7',
    terms: 'net-30',
    discount: { percent: '10' },
    subtotal: '100.00',
    taxTotal: '7.20',
    total: '97.20',
    status: 'open',
  });
});

test('numbers go on from the highest, unless null asks for none', async () => {
  expect((await world.newInvoice({ number: 'INV-20296' }))['number']).toBe('INV-20296');
  expect((await world.newInvoice())['number']).toBe('INV-20297');
  expect((await world.newInvoice({ number: null }))['number']).toBeNull();
});

test('an invoice of nothing is paid', async () => {
  const lines = [{ description: 'Free of charge', amount: '0.00' }];
  expect((await world.newInvoice({ lines })).status).toBe('paid');
});

test('externalRef is unique for ever: a second invoice with it is 409 and names the first', async () => {
  const { id } = await world.newInvoice({ externalRef: 'ref-1' });
  await world.human({ action: 'delete', id });

  const reply = await world.post('/invoices', { ...plainInvoice, externalRef: 'ref-1' });

  expect(reply.status).toBe(409);
  expect(reply.body).toMatchObject({ type: '/problems/reference-taken', invoiceId: id });
});

test('externalRef is written once: later it may be repeated but not changed', async () => {
  const { id } = await world.newInvoice();
  const set = await world.patch(`/invoices/${id}`, { externalRef: 'ref-1' }, '"1"');
  expect(set.body).toMatchObject({ externalRef: 'ref-1', version: '2' });

  const again = await world.patch(`/invoices/${id}`, { externalRef: 'ref-1' }, '"2"');
  expect([again.status, again.body['version']]).toEqual([200, '2']);

  for (const externalRef of ['ref-2', null]) {
    const reply = await world.patch(`/invoices/${id}`, { externalRef }, '"2"');
    expect([reply.status, reply.errorPaths()]).toEqual([422, ['externalRef']]);
  }
});

test('merge patch: absent stays, null clears', async () => {
  const { id } = await world.newInvoice({
    customerMemo: 'Thanks',
    poNumber: 'PO-1',
    billTo: { line1: '1 Main St', city: 'Cypress Creek' },
  });

  const reply = await world.patch(
    `/invoices/${id}`,
    { poNumber: null, privateNote: 'VIP', billTo: { city: null, region: 'OR' } },
    '"1"',
  );

  expect(reply.status).toBe(200);
  expect(reply.headers.get('etag')).toBe('"2"');
  expect(reply.body).toMatchObject({
    version: '2',
    customerMemo: 'Thanks',
    poNumber: null,
    privateNote: 'VIP',
    billTo: { line1: '1 Main St', city: null, region: 'OR' },
    lines: [{ id: 'l1', quantity: '2' }],
  });
});

test('lines replace the set, and a line sent with its id keeps it', async () => {
  const { id, lines } = await world.newInvoice({
    lines: [
      { description: 'one', amount: '1' },
      { description: 'two', amount: '2' },
      { description: 'three', amount: '3' },
    ],
  });
  expect(lines.map((line) => line.id)).toEqual(['l1', 'l2', 'l3']);

  const reply = await world.patch(
    `/invoices/${id}`,
    {
      lines: [
        { description: 'new', amount: '9' },
        { ...lines[2], description: 'three, edited' },
        lines[0],
      ],
    },
    '"1"',
  );

  expect(reply.body['lines']).toMatchObject([
    { id: 'l4', description: 'new' },
    { id: 'l3', description: 'three, edited', amount: '3.00' },
    { id: 'l1', description: 'one' },
  ]);
  expect(reply.body['subtotal']).toBe('13.00');
});

test('the id of a line that is gone is not given again', async () => {
  const { id } = await world.newInvoice();
  await world.patch(`/invoices/${id}`, { lines: [{ amount: '1' }] }, '"1"');
  const reply = await world.patch(`/invoices/${id}`, { lines: [{ amount: '2' }] }, '"2"');
  expect(reply.invoice().lines.map((line) => line.id)).toEqual(['l3']);

  const old = await world.patch(`/invoices/${id}`, { lines: [{ id: 'l1', amount: '2' }] }, '"3"');
  expect([old.status, old.errorPaths()]).toEqual([422, ['lines[0].id']]);
});

test('a patch that changes nothing moves nothing', async () => {
  const created = await world.newInvoice({ customerMemo: 'Thanks' });

  for (const patch of [{}, { customerMemo: 'Thanks' }, { lines: created.lines }]) {
    const reply = await world.patch(`/invoices/${created.id}`, patch, '"1"');
    expect([reply.status, reply.body]).toEqual([200, created]);
  }
  expect(await world.mutations()).toHaveLength(1);
});

test('If-Match: another version is 412, none is 428, a weak tag never matches', async () => {
  const { id } = await world.newInvoice();
  const edit = { customerMemo: 'x' };

  expect((await world.patch(`/invoices/${id}`, edit, '"9"')).status).toBe(412);
  expect((await world.patch(`/invoices/${id}`, edit, 'W/"1"')).status).toBe(412);
  expect((await world.patch(`/invoices/${id}`, edit, '1')).status).toBe(412);
  expect((await world.send('PATCH', `/invoices/${id}`, { body: edit })).status).toBe(428);
  expect((await world.patch(`/invoices/${id}`, edit, '"9", "1"')).status).toBe(200);
  expect((await world.patch(`/invoices/${id}`, { customerMemo: 'y' }, '*')).status).toBe(200);
});

test.each([
  'id',
  'url',
  'version',
  'updatedAt',
  'updatedBy',
  'status',
  'subtotal',
  'total',
  'amountPaid',
  'balanceDue',
  'payments',
])('the read-only field %s is 422, on a patch and at creation', async (field) => {
  const { id } = await world.newInvoice();
  const patched = await world.patch(`/invoices/${id}`, { [field]: 'x' }, '"1"');
  const created = await world.post('/invoices', { ...plainInvoice, [field]: 'x' });

  expect(patched.status).toBe(422);
  expect(patched.body['errors']).toEqual([{ path: field, message: 'is read-only' }]);
  expect([created.status, created.errorPaths()]).toEqual([422, [field]]);
});

const line = plainInvoice.lines[0];
test.each([
  [{ customer: { id: 'cus_9' } }, 'customer.id'],
  [{ customer: null }, 'customer'],
  [{ customer: { id: 'cus_1', displayName: 'Renamed' } }, 'customer.displayName'],
  [{ issueDate: '20.11.2026' }, 'issueDate'],
  [{ issueDate: null }, 'issueDate'],
  [{ dueDate: '2026-02-30' }, 'dueDate'],
  [{ currency: 'XQQ' }, 'currency'],
  [{ terms: 'net-7' }, 'terms'],
  [{ colour: 'red' }, 'colour'],
  [{ billTo: { street: 'x' } }, 'billTo.street'],
  [{ taxInclusive: 'no' }, 'taxInclusive'],
  [{ taxTotal: 8 }, 'taxTotal'],
  [{ taxTotal: '8.001' }, 'taxTotal'],
  [{ discount: { percent: '101' } }, 'discount'],
  [{ discount: { percent: '1', amount: '1' } }, 'discount'],
  [{ discount: { amount: '-1' } }, 'discount.amount'],
  [{ lines: [] }, 'lines'],
  [{ lines: [{ ...line, quantity: 2 }] }, 'lines[0].quantity'],
  [{ lines: [{ ...line, unitPrice: '1,50' }] }, 'lines[0].unitPrice'],
  [{ lines: [line, { ...line, taxCode: 'VAT' }] }, 'lines[1].taxCode'],
  [{ lines: [{ ...line, item: { id: 'itm_9' } }] }, 'lines[0].item.id'],
  [{ lines: [{ ...line, item: { id: 'itm_1', sku: 'other' } }] }, 'lines[0].item.sku'],
  [{ lines: [{ ...line, amount: '99.00' }] }, 'lines[0].amount'],
  [{ lines: [{ amount: '1.005' }] }, 'lines[0].amount'],
  [
    {
      lines: [
        { ...line, id: 'l1' },
        { ...line, id: 'l1' },
      ],
    },
    'lines[1].id',
  ],
  [{ lines: [{ amount: '-1' }] }, 'lines'],
  [{ lines: [{ ...line, rebate: '1' }] }, 'lines[0].rebate'],
])('a patch that cannot be is 422 and names the place: %j', async (patch, path) => {
  const { id } = await world.newInvoice();

  const reply = await world.patch(`/invoices/${id}`, patch, '"1"');

  expect(reply.status).toBe(422);
  expect(reply.errorPaths().some((other) => other === path || other.startsWith(`${path}.`))).toBe(
    true,
  );
  expect((await world.get(`/invoices/${id}`)).body['version']).toBe('1');
});

test('every field that is wrong is named at once', async () => {
  const reply = await world.post('/invoices', { total: '1', color: 1, dueDate: 'x' });
  expect(reply.errorPaths().toSorted()).toEqual(['color', 'customer', 'dueDate', 'lines', 'total']);
});

test('a customer is changed by its id alone', async () => {
  const { id } = await world.newInvoice();
  const reply = await world.patch(`/invoices/${id}`, { customer: { id: 'cus_2' } }, '"1"');
  expect(reply.body['customer']).toEqual({
    id: 'cus_2',
    displayName: 'Bluebird Bakery',
    email: null,
    version: '1',
  });
});

test('a discount of one kind takes the place of the other', async () => {
  const { id } = await world.newInvoice({ discount: { amount: '5' } });
  const reply = await world.patch(`/invoices/${id}`, { discount: { percent: '50' } }, '"1"');
  expect(reply.body).toMatchObject({ discount: { percent: '50' }, total: '54.00' });
});

test('the tax total may be stated, stays stated, and null lets the system compute it', async () => {
  const { id } = await world.newInvoice({ taxTotal: '7.99' });
  const edited = { ...line, quantity: '4' };

  const stated = await world.patch(`/invoices/${id}`, { lines: [edited] }, '"1"');
  expect(stated.body).toMatchObject({ taxTotal: '7.99', total: '207.99' });

  const computed = await world.patch(`/invoices/${id}`, { taxTotal: null }, '"2"');
  expect(computed.body).toMatchObject({ taxTotal: '16.00', total: '216.00' });
});

test('a void invoice has zero totals, keeps its lines, and voiding again changes nothing', async () => {
  const { id } = await world.newInvoice();

  const reply = await world.post(`/invoices/${id}/void`, undefined, { ifMatch: '"1"' });
  expect(reply.status).toBe(200);
  expect(reply.body).toMatchObject({
    status: 'void',
    version: '2',
    lines: [{ quantity: '2', amount: '100.00' }],
    subtotal: '0.00',
    taxTotal: '0.00',
    total: '0.00',
    balanceDue: '0.00',
  });

  const again = await world.post(`/invoices/${id}/void`, undefined, { ifMatch: '"2"' });
  expect([again.status, again.body['version']]).toEqual([200, '2']);
});

test('only the words of a void invoice can still change', async () => {
  const { id } = await world.newInvoice();
  await world.post(`/invoices/${id}/void`, undefined, { ifMatch: '"1"' });

  const note = await world.patch(`/invoices/${id}`, { privateNote: 'mistake' }, '"2"');
  expect(note.body).toMatchObject({ privateNote: 'mistake', status: 'void', total: '0.00' });
  const due = await world.patch(`/invoices/${id}`, { dueDate: '2027-01-01' }, '"3"');
  expect([due.status, due.body['type']]).toEqual([409, '/problems/void-forbids']);
});

test('void: another version is 412, payments are 409', async () => {
  const { id } = await world.newInvoice();
  const stale = await world.post(`/invoices/${id}/void`, undefined, { ifMatch: '"3"' });
  expect(stale.status).toBe(412);

  await world.post(`/invoices/${id}/payments`, { amount: '8.00' });
  const paid = await world.post(`/invoices/${id}/void`, undefined, { ifMatch: '"2"' });
  expect([paid.status, paid.body['type']]).toEqual([409, '/problems/payments-forbid']);
});

test('writes to a missing invoice are 404, to a deleted one 410', async () => {
  const { id } = await world.newInvoice();
  await world.human({ action: 'delete', id });

  for (const [gone, status] of [
    ['inv_99', 404],
    [id, 410],
  ] as const) {
    expect((await world.patch(`/invoices/${gone}`, {}, '"1"')).status).toBe(status);
    expect((await world.post(`/invoices/${gone}/void`, undefined, { ifMatch: '"1"' })).status).toBe(
      status,
    );
    expect((await world.post(`/invoices/${gone}/payments`, { amount: '1' })).status).toBe(status);
  }
});

test.each([
  ['{"customer":', 'application/json', 400],
  ['[]', 'application/json', 422],
  ['"text"', 'application/json', 422],
  ['a=b', 'application/x-www-form-urlencoded', 415],
  [`{"privateNote":"${'x'.repeat(1024 * 1024)}"}`, 'application/json', 413],
])('a body that cannot be read is refused: %.20s as %s is %i', async (body, type, status) => {
  const response = await fetch(`${world.url}/invoices`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer simulator-invoicing-token',
      'content-type': type,
      'idempotency-key': 'k',
    },
    body,
  });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
});

test('a merge patch may come under its own content type', async () => {
  const { id } = await world.newInvoice();
  const headers = { 'content-type': 'application/merge-patch+json' };
  const reply = await world.patch(`/invoices/${id}`, { customerMemo: 'x' }, '"1"', { headers });
  expect(reply.status).toBe(200);
});

test('a currency without cents has amounts without cents', async () => {
  const invoice = await world.newInvoice({ currency: 'JPY', exchangeRate: '0.0066' });
  expect(invoice).toMatchObject({
    subtotal: '100',
    taxTotal: '8',
    total: '108',
    exchangeRate: '0.0066',
  });
});
