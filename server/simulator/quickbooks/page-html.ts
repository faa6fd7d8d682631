import type { FaultRule } from '../control/faults.ts';
import { isVoided } from './invoices.ts';
import { listOf, objectOf, textOf, type JsonObject } from './json.ts';
import { amountOf } from './money.ts';
import { escapeXml } from './wire.ts';

/** Faults a person can switch on with one click; everything else goes through `PUT /_control/faults`. */
export const faultPresets: Readonly<
  Record<string, { readonly label: string; readonly rules: readonly object[] }>
> = {
  'lose-reply': {
    label: 'the reply to the next create is lost, the invoice is there',
    rules: [{ match: { operation: 'create' }, effect: 'drop-after', times: 1 }],
  },
  'never-reach': {
    label: 'the next create never arrives',
    rules: [{ match: { operation: 'create' }, effect: 'drop-before', times: 1 }],
  },
  'fail-after': {
    label: 'the next create works and answers with an error',
    rules: [{ match: { operation: 'create' }, effect: 'fault-after', times: 1 }],
  },
  late: {
    label: 'the next create comes true ten seconds after it failed',
    rules: [
      {
        match: { operation: 'create' },
        effect: 'commit-late',
        params: { delayMs: 10_000 },
        times: 1,
      },
    ],
  },
  stale: {
    label: 'somebody else is faster at the next update',
    rules: [{ match: { operation: 'update' }, effect: 'stale', times: 1 }],
  },
  slow: {
    label: 'every call takes five seconds',
    rules: [{ match: {}, effect: 'latency', params: { ms: 5_000 } }],
  },
  down: {
    label: 'QuickBooks is down (503)',
    rules: [{ match: {}, effect: 'status', params: { status: 503 } }],
  },
};

const style = `body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem;color:#222}
h1{margin:.2rem 0}table{border-collapse:collapse;width:100%}td,th{padding:.35rem .5rem;border-bottom:1px solid #ddd;text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.said{background:#e9f7e4;border:1px solid #2ca01c;padding:.5rem;border-radius:.4rem}
form.line{display:inline-flex;gap:.4rem;align-items:center;margin:.2rem .6rem .2rem 0;flex-wrap:wrap}input,select,button{font:inherit;padding:.25rem .45rem}
button{cursor:pointer}.paid{color:#1a7f12}.overdue{color:#b3261e}.void{color:#777}fieldset{border:1px solid #ddd;border-radius:.4rem;margin:1rem 0}`;

function frame(title: string, said: string | undefined, content: string): string {
  const note = said === undefined ? '' : `<p class="said" role="status">${escapeXml(said)}</p>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeXml(title)}</title><style>${style}</style></head><body>${note}${content}</body></html>`;
}

export type ListPage = {
  readonly realm: string;
  readonly realms: readonly string[];
  readonly companyName: string;
  readonly invoices: readonly JsonObject[];
  readonly invoicesInAll: number;
  readonly customers: readonly JsonObject[];
  readonly items: readonly JsonObject[];
  readonly rules: readonly FaultRule[];
  readonly isConnected: boolean;
  readonly said: string | undefined;
};

/** The company: its invoices, the newest first, and the switches. */
export function listPage(page: ListPage): string {
  const rows = page.invoices.map((invoice) => invoiceRow(page.realm, invoice)).join('');
  const others = page.realms.map((realm) => `<a href="/?realm=${realm}">${realm}</a>`).join(' · ');
  const state = page.isConnected ? 'an app is connected' : 'no app is connected';
  return frame(
    `${page.companyName} – QuickBooks simulator`,
    page.said,
    `<h1>${escapeXml(page.companyName)}</h1><p>QuickBooks Online simulator, realm ${page.realm}; ${state}. Companies: ${others}</p>
${faultPanel(page)}${newInvoiceForm(page)}
<table><thead><tr><th>Number</th><th>Date</th><th>Customer</th><th>Due</th><th class="n">Total</th><th class="n">Balance</th><th>State</th></tr></thead><tbody>${rows}</tbody></table>
<p>${page.invoices.length} of ${page.invoicesInAll} invoices.</p>`,
  );
}

function address(realm: string, path: string): string {
  return escapeXml(`${path}?realm=${realm}`);
}

function invoiceRow(realm: string, invoice: JsonObject): string {
  const id = textOf(invoice, 'Id') ?? '';
  const { name, kind } = stateOf(invoice);
  const cells = [
    `<td><a href="${address(realm, `/page/invoices/${encodeURIComponent(id)}`)}">${escapeXml(textOf(invoice, 'DocNumber') ?? `#${id}`)}</a></td>`,
    `<td>${escapeXml(textOf(invoice, 'TxnDate') ?? '')}</td>`,
    `<td>${escapeXml(textOf(objectOf(invoice, 'CustomerRef'), 'name') ?? '')}</td>`,
    `<td>${escapeXml(textOf(invoice, 'DueDate') ?? '')}</td>`,
    `<td class="n">${money(invoice, 'TotalAmt')}</td><td class="n">${money(invoice, 'Balance')}</td>`,
    `<td class="${kind}">${name}</td>`,
  ];
  return `<tr>${cells.join('')}</tr>`;
}

function money(invoice: JsonObject, field: string): string {
  return amountOf(invoice, field).toFixed(2);
}

function stateOf(invoice: JsonObject): { readonly name: string; readonly kind: string } {
  if (isVoided(invoice)) return { name: 'Void', kind: 'void' };
  if (amountOf(invoice, 'Balance').isZero()) return { name: 'Paid', kind: 'paid' };
  const isTouched = amountOf(invoice, 'Balance').lessThan(amountOf(invoice, 'TotalAmt'));
  return { name: isTouched ? 'Partly paid' : 'Open', kind: 'open' };
}

function faultPanel({ realm, rules }: ListPage): string {
  const options = Object.entries(faultPresets).map(
    ([name, preset]) => `<option value="${name}">${escapeXml(preset.label)}</option>`,
  );
  const now = rules.length === 0 ? 'none' : rules.map((rule) => rule.effect).join(', ');
  return `<fieldset><legend>Faults (now: ${escapeXml(now)})</legend><form class="line" method="post" action="${address(realm, '/page/faults')}"><label>What goes wrong <select name="preset">${options.join('')}</select></label><button>Switch on</button><button name="preset" value="off">All off</button></form></fieldset>`;
}

function newInvoiceForm({ realm, customers, items }: ListPage): string {
  const options = (objects: readonly JsonObject[], field: string): string =>
    objects
      .map(
        (object) =>
          `<option value="${escapeXml(textOf(object, 'Id') ?? '')}">${escapeXml(textOf(object, field) ?? '')}</option>`,
      )
      .join('');
  return `<fieldset><legend>New invoice</legend><form class="line" method="post" action="${address(realm, '/page/invoices')}"><label>Customer <select name="customer">${options(customers, 'DisplayName')}</select></label><label>Item <select name="item">${options(items, 'Name')}</select></label><label>Description <input name="description"></label><label>Amount <input name="amount" value="100.00" size="8"></label><button>Create</button></form></fieldset>`;
}

export type InvoicePage = {
  readonly realm: string;
  readonly invoice: JsonObject;
  readonly said: string | undefined;
};

/** One invoice and what a bookkeeper does with it. */
export function invoicePage({ realm, invoice, said }: InvoicePage): string {
  const id = textOf(invoice, 'Id') ?? '';
  const number = textOf(invoice, 'DocNumber') ?? `#${id}`;
  const customer = textOf(objectOf(invoice, 'CustomerRef'), 'name') ?? '';
  const form = (action: string, fields: string, label: string): string =>
    `<form class="line" method="post" action="${address(realm, `/page/invoices/${encodeURIComponent(id)}/${action}`)}">${fields}<button>${label}</button></form>`;
  const open = money(invoice, 'Balance');
  const email = textOf(objectOf(invoice, 'BillEmail'), 'Address') ?? '';
  const actions = [
    form(
      'pay',
      `<label>Amount <input name="amount" value="${open}" size="8"></label>`,
      'Receive payment',
    ),
    form(
      'renumber',
      `<label>Number <input name="number" value="${escapeXml(number)}" size="12"></label>`,
      'Renumber',
    ),
    form('send', `<label>E-mail <input name="to" value="${escapeXml(email)}"></label>`, 'Send'),
    form('void', '', 'Void'),
    form('delete', '', 'Delete'),
  ];
  return frame(
    `Invoice ${number}`,
    said,
    `<p><a href="${address(realm, '/')}">All invoices</a></p><h1>Invoice ${escapeXml(number)}</h1>
<p>${escapeXml(customer)} · ${stateOf(invoice).name} · total ${money(invoice, 'TotalAmt')}, open ${open} · version ${escapeXml(textOf(invoice, 'SyncToken') ?? '0')}</p>
<fieldset><legend>Edit</legend>${editForm(realm, id, invoice)}</fieldset><p>${actions.join('')}</p>
<details><summary>As the API gives it</summary><pre>${escapeXml(JSON.stringify(invoice, null, 2))}</pre></details>`,
  );
}

function editForm(realm: string, id: string, invoice: JsonObject): string {
  const lines = listOf(invoice, 'Line').flatMap((line) => {
    const lineId = textOf(line, 'Id');
    if (lineId === undefined || textOf(line, 'DetailType') !== 'SalesItemLineDetail') return [];
    const item = textOf(objectOf(objectOf(line, 'SalesItemLineDetail'), 'ItemRef'), 'name') ?? '';
    const label = textOf(line, 'Description') ?? item;
    return `<tr><td>${escapeXml(label)}</td><td class="n"><input aria-label="${escapeXml(`Amount of ${label}`)}" name="amount-${escapeXml(lineId)}" value="${escapeXml(textOf(line, 'Amount') ?? '')}" size="9"></td></tr>`;
  });
  const field = (name: string, label: string, value: string | undefined): string =>
    `<label>${label} <input name="${name}" value="${escapeXml(value ?? '')}"></label>`;
  return `<form method="post" action="${address(realm, `/page/invoices/${encodeURIComponent(id)}/edit`)}"><table>${lines.join('')}</table><p>${field('due', 'Due', textOf(invoice, 'DueDate'))} ${field('memo', 'Message to the customer', textOf(objectOf(invoice, 'CustomerMemo'), 'value'))} ${field('note', 'Private note', textOf(invoice, 'PrivateNote'))} <button>Save</button></p></form>`;
}
