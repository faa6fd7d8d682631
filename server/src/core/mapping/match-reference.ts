import type { NeededReference, ReferenceMatch, ReferenceRecord } from './reference.ts';

/** QuickBooks' two line codes in US companies; they are the same on both sides whatever their names (quickbooks.md §7.4). */
const lineTaxCodes: ReadonlySet<string> = new Set(['TAX', 'NON']);

/** Letters and digits alone, in lower case: 'net-30' and 'Net 30' are one. */
const loosely = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Own name of a sub-customer or of an item in a category: 'Child' of 'Parent:Child'. */
const leafOf = (name: string): string => name.slice(name.lastIndexOf(':') + 1).trim();

type Way = {
  readonly why: string;
  readonly fits: (needed: NeededReference, record: ReferenceRecord) => boolean;
};

/** Ways to be the one that is meant, surest first; the first that finds any decides. */
const ways: readonly Way[] = [
  {
    why: 'the same code',
    fits: ({ kind, id }, record) => kind === 'TAX_CODE' && lineTaxCodes.has(id) && record.id === id,
  },
  { why: 'the same name', fits: ({ name }, record) => record.name === name },
  { why: 'the same own name', fits: ({ name }, record) => leafOf(record.name) === name },
  {
    why: 'the same name but for spelling',
    fits: ({ name }, record) => loosely(name) !== '' && loosely(record.name) === loosely(name),
  },
  {
    why: 'the same own name but for spelling',
    fits: ({ name }, record) =>
      loosely(name) !== '' && loosely(leafOf(record.name)) === loosely(name),
  },
];

/**
 * Finds the one record that is meant, only where it is the only one. Inactive records are never meant: their name ends
 * in ' (deleted)' and is free again, and a document that refers to one is refused (quickbooks.md §2.6, §4.2).
 */
export function matchReference(
  needed: NeededReference,
  candidates: readonly ReferenceRecord[],
): ReferenceMatch {
  const active = candidates.filter((record) => record.active);
  for (const { why, fits } of ways) {
    const fitting = active.filter((record) => fits(needed, record));
    const [record] = fitting;
    if (record === undefined) continue;
    if (fitting.length === 1) return { kind: 'matched', record, why };
    return toldByDetail(needed, fitting, why);
  }
  return { kind: 'missing' };
}

/** Namesakes: an equal e-mail address or stock-keeping unit tells them apart, if exactly one has it. */
function toldByDetail(
  { email, sku }: NeededReference,
  namesakes: readonly ReferenceRecord[],
  why: string,
): ReferenceMatch {
  const detail = (email ?? sku)?.toLowerCase();
  const fitting = namesakes.filter(
    (record) => detail !== undefined && record.detail?.toLowerCase() === detail,
  );
  const [record] = fitting;
  return record !== undefined && fitting.length === 1
    ? { kind: 'matched', record, why: `${why} and ${email === null ? 'SKU' : 'e-mail address'}` }
    : { kind: 'ambiguous', candidates: namesakes };
}
