import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { faultRulesBody } from '../control/faults.ts';
import { QuickBooksFault } from './fault-bodies.ts';
import { actAsHuman, humanAction } from './human.ts';
import { listOf, objectOf, textOf, type Json, type JsonObject } from './json.ts';
import { faultPresets, invoicePage, listPage } from './page-html.ts';
import { present } from './references.ts';
import { demoRealm, type QuickBooksSimulator } from './simulator.ts';

const realmQuery = z.object({ realm: z.string().default(demoRealm), said: z.string().optional() });
const shownMax = 200;

/** The screen for people: play the bookkeeper here and watch LedgerBridge in another window. */
export function servePages(app: FastifyInstance, simulator: QuickBooksSimulator): void {
  app.get('/', (request, reply) => {
    const { realm, said } = realmQuery.parse(request.query);
    if (!simulator.realms().includes(realm)) return reply.redirect('/');
    const books = simulator.books(realm);
    const invoices = books.all('Invoice').toReversed();
    return html(
      reply,
      listPage({
        realm,
        realms: simulator.realms(),
        companyName: textOf(books.single('CompanyInfo'), 'CompanyName') ?? realm,
        invoices: invoices.slice(0, shownMax).map((invoice) => present(books, invoice)),
        invoicesInAll: invoices.length,
        customers: books.all('Customer').filter((customer) => customer['Active'] !== false),
        items: books.all('Item').filter((item) => item['Active'] !== false),
        rules: simulator.faults.list(),
        isConnected: simulator.tokens.isConnected(realm),
        said,
      }),
    );
  });

  app.get('/page/invoices/:id', (request, reply) => {
    const { realm, said } = realmQuery.parse(request.query);
    const books = simulator.books(realm);
    const invoice = books.find('Invoice', idOf(request));
    if (invoice === undefined) return reply.redirect(back('/', realm, 'That invoice is gone.'));
    return html(reply, invoicePage({ realm, invoice: present(books, invoice), said }));
  });

  app.post('/page/invoices', (request, reply) => act(simulator, request, reply, newInvoice));
  app.post('/page/invoices/:id/:action', (request, reply) =>
    act(simulator, request, reply, (form, realm) => invoiceAction(simulator, request, realm, form)),
  );
  app.post('/page/faults', (request, reply) => {
    const { realm } = realmQuery.parse(request.query);
    const preset = faultPresets[formOf(request)['preset'] ?? ''];
    simulator.faults.replace(faultRulesBody.parse({ rules: preset?.rules ?? [] }).rules);
    return reply.redirect(
      back(
        '/',
        realm,
        preset === undefined ? 'All faults are off.' : `Switched on: ${preset.label}.`,
      ),
    );
  });
}

type Form = Readonly<Record<string, string>>;

function html(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html;charset=utf-8').send(page);
}

function formOf(request: FastifyRequest): Form {
  const text = typeof request.body === 'string' ? request.body : '';
  return Object.fromEntries(new URLSearchParams(text));
}

function idOf(request: FastifyRequest): string {
  return z.object({ id: z.string() }).parse(request.params).id;
}

function back(path: string, realm: string, said: string): string {
  return `${path}?realm=${encodeURIComponent(realm)}&said=${encodeURIComponent(said)}`;
}

/** Carries out what a form asks for and says on the page how it went. */
function act(
  simulator: QuickBooksSimulator,
  request: FastifyRequest,
  reply: FastifyReply,
  toAction: (form: Form, realm: string) => JsonObject,
): FastifyReply {
  const { realm } = realmQuery.parse(request.query);
  try {
    const action = humanAction.parse(toAction(formOf(request), realm));
    const { entity, id } = actAsHuman(simulator, realm, action);
    const stays = entity === 'Invoice' && action.action !== 'delete' && action.action !== 'create';
    return reply.redirect(
      back(stays ? `/page/invoices/${id}` : '/', realm, `Done: ${action.action}.`),
      303,
    );
  } catch (error) {
    if (error instanceof QuickBooksFault) {
      return reply.redirect(back('/', realm, `${error.message}: ${error.detail ?? ''}`), 303);
    }
    if (error instanceof z.ZodError)
      return reply.redirect(back('/', realm, z.prettifyError(error)), 303);
    throw error;
  }
}

function newInvoice(form: Form): JsonObject {
  const line = {
    Amount: form['amount'] ?? '',
    Description: form['description'] ?? '',
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: { ItemRef: { value: form['item'] ?? '' } },
  };
  const body = { CustomerRef: { value: form['customer'] ?? '' }, Line: [line] };
  return { action: 'create', entity: 'Invoice', body };
}

function invoiceAction(
  simulator: QuickBooksSimulator,
  request: FastifyRequest,
  realm: string,
  form: Form,
): JsonObject {
  const id = idOf(request);
  const { action } = z.object({ action: z.string() }).parse(request.params);
  switch (action) {
    case 'pay':
      return { action, invoices: [{ id, amount: form['amount'] ?? '' }] };
    case 'void':
    case 'delete':
      return { action, entity: 'Invoice', id };
    case 'send':
      return { action, id, to: form['to'] ?? '' };
    case 'renumber':
      return { action, id, number: form['number'] ?? '' };
    default:
      return {
        action: 'edit',
        entity: 'Invoice',
        id,
        set: editOf(simulator.books(realm).find('Invoice', id), form),
      };
  }
}

/** Only what the form shows changes; each line keeps its Id. */
function editOf(invoice: JsonObject | undefined, form: Form): JsonObject {
  const lines = listOf(invoice, 'Line').map((line): Json => {
    const id = textOf(line, 'Id');
    const amount = id === undefined ? undefined : form[`amount-${id}`];
    if (amount === undefined || amount === textOf(line, 'Amount')) return line;
    const {
      UnitPrice: _price,
      Qty: _quantity,
      ...detail
    } = objectOf(line, 'SalesItemLineDetail') ?? {};
    return { ...line, Amount: amount, SalesItemLineDetail: detail };
  });
  return {
    DueDate: form['due'] ?? '',
    CustomerMemo: { value: form['memo'] ?? '' },
    PrivateNote: form['note'] ?? '',
    Line: lines,
  };
}
