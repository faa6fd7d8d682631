import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import type { JsonObject } from '#core/json.ts';
import type { ReferenceKind, ReferenceRecord } from '#core/mapping/reference.ts';
import type { CallOptions } from '#ports/accounting-system.ts';
import type { Caller } from './caller.ts';
import type { QueryKind, QuickBooksClient } from './client.ts';
import { unreadable } from './faults.ts';
import { inactiveToo, oneOf, where } from './query.ts';
import { isPseudoTaxCode } from './tax.ts';
import { entityOf, parseNamed, rowsOf, type WireNamed } from './wire.ts';

/** Where each kind lives, and whether its list is long enough to be asked by name. */
const places = {
  CUSTOMER: { entity: 'Customer', nameField: 'DisplayName' },
  ITEM: { entity: 'Item', nameField: 'Name' },
  TAX_CODE: { entity: 'TaxCode', nameField: null },
  TERMS: { entity: 'Term', nameField: null },
  PAYMENT_METHOD: { entity: 'PaymentMethod', nameField: null },
  INCOME_ACCOUNT: { entity: 'Account', nameField: null },
} as const satisfies Record<
  ReferenceKind,
  { readonly entity: QueryKind; readonly nameField: string | null }
>;

/** Looks records up that invoices refer to. */
export type References = {
  readonly find: (
    kind: ReferenceKind,
    name: string,
    options: CallOptions,
  ) => Promise<CallOutcome<readonly ReferenceRecord[]>>;
  readonly byIds: (
    kind: ReferenceKind,
    ids: readonly string[],
    options: CallOptions,
  ) => Promise<CallOutcome<readonly ReferenceRecord[]>>;
  readonly read: (
    kind: ReferenceKind,
    id: string,
    options: CallOptions,
  ) => Promise<CallOutcome<ReferenceRecord | null>>;
};

export function createReferences(client: QuickBooksClient, call: Caller): References {
  const list = async (
    kind: ReferenceKind,
    statement: string,
    options: CallOptions,
  ): Promise<CallOutcome<readonly ReferenceRecord[]>> => {
    const { entity } = places[kind];
    const answer = await call('read', options, (token, left) =>
      client.query(entity, statement, token, left),
    );
    if (!answer.ok) return answer;
    const rows = rowsOf(answer.value.body, entity);
    if (rows === null) return failed(unreadable(answer.value, 'read', 'no query response'));
    return succeeded(rows.flatMap((row) => recordFrom(row) ?? []));
  };
  return {
    find: async (kind, name, options) => {
      const found = await list(kind, statementFor(kind, name), options);
      return found.ok && kind === 'TAX_CODE' ? succeeded(withLineCodes(found.value)) : found;
    },
    byIds: (kind, ids, options) => list(kind, where([oneOf('Id', ids), inactiveToo]), options),
    read: async (kind, id, options) => {
      if (kind === 'TAX_CODE' && isPseudoTaxCode(id)) return succeeded(lineCode(id));
      const { entity } = places[kind];
      const answer = await call('read', options, (token, left) =>
        client.read(entity, id, token, left),
      );
      if (!answer.ok) return answer.failure.kind === 'not-found' ? succeeded(null) : answer;
      const raw = entityOf(answer.value.body, entity);
      const record = raw === null ? null : recordFrom(raw);
      return record === null
        ? failed(unreadable(answer.value, 'read', `no ${entity}`))
        : succeeded(record);
    },
  };
}

/** Long lists by name, under which a record may also stand when inactive or below its parent; short ones whole. */
function statementFor(kind: ReferenceKind, name: string): string {
  const { nameField } = places[kind];
  if (kind === 'INCOME_ACCOUNT') return where(["AccountType = 'Income'", inactiveToo]);
  if (nameField === null) return where([inactiveToo]);
  const own = name.trim();
  const leaf = own.split(':').at(-1)?.trim() ?? own;
  const names = [...new Set([own, leaf])].flatMap((text) => [text, `${text} (deleted)`]);
  return where([oneOf(nameField, names), inactiveToo]);
}

/** The full path tells sub-customers and categories apart (quickbooks.md §7.6). */
export function recordFrom(row: JsonObject): ReferenceRecord | null {
  const parsed = parseNamed(row);
  if (!parsed.ok) return null;
  const { wire } = parsed;
  return {
    id: wire.Id,
    name: nameOf(wire) ?? wire.Id,
    active: wire.Active !== false,
    detail: wire.PrimaryEmailAddr?.Address ?? wire.Sku ?? null,
  };
}

/** The name a record of a name list goes by. */
export const nameOf = (wire: WireNamed): string | null =>
  wire.FullyQualifiedName ?? wire.DisplayName ?? wire.Name ?? null;

const lineCode = (id: string): ReferenceRecord => ({ id, name: id, active: true, detail: null });

/** TAX and NON exist in every US company, whether its list of tax codes shows them or not (quickbooks.md §7.4). */
function withLineCodes(records: readonly ReferenceRecord[]): readonly ReferenceRecord[] {
  const missing = ['TAX', 'NON'].filter((id) => !records.some((record) => record.id === id));
  return [...records, ...missing.map(lineCode)];
}
