import { z } from 'zod';
import { quickBooksInvoices, type QuickBooksInvoice } from '../support/ledger.ts';
import type { World } from '../support/world.ts';
import { thereAt, watchedFields, type Edit, type People } from './people.ts';

/** Dead letters that two people and bad weather may bring about; any other is a bug of the engine. */
const explained = new Set(['VALIDATION', 'PERIOD_CLOSED', 'MISSING_REFERENCE', 'DUPLICATE_NUMBER']);

const stood = z.object({
  internalId: z.string(),
  quickbooksId: z.string().nullable(),
  status: z.string(),
  crashMarks: z.number(),
  /** Everything ever kept of a disputed value, as text. */
  kept: z.string(),
  letters: z.array(z.object({ reason: z.string(), explanation: z.string() })),
});
type Stood = z.output<typeof stood>;

const standing = `
SELECT k.internal_id AS "internalId", k.quickbooks_id AS "quickbooksId", k.status, k.crash_marks AS "crashMarks",
  coalesce((SELECT string_agg(c.fields::text || coalesce(c.resolution::text, ''), ' ') FROM conflict c WHERE c.link_id = k.id), '') AS kept,
  coalesce((SELECT jsonb_agg(jsonb_build_object('reason', d.reason, 'explanation', d.explanation)) FROM dead_letter d
    WHERE d.link_id = k.id AND d.status IN ('OPEN', 'REPLAYING')), '[]') AS letters
FROM link k WHERE k.internal_id = ANY ($1::text[])`;

const internalInvoice = z.looseObject({
  status: z.string(),
  total: z.string(),
  balanceDue: z.string(),
  dueDate: z.string().nullable(),
});

/** Checks at rest (engine-evidence.md A6); each broken promise in words. */
export async function brokenPromises(world: World, people: People): Promise<readonly string[]> {
  const links = await world.rows(stood, standing, [[...people.invoiceIds]]);
  const there = await quickBooksInvoices(world);
  const broken: string[] = [];
  for (const id of people.invoiceIds) {
    const link = links.find(({ internalId }) => internalId === id);
    if (link === undefined) {
      broken.push(`I2: nobody ever heard of ${id}`);
      continue;
    }
    broken.push(...(await brokenFor(world, link, there, people.edits)));
  }
  return [...broken, ...(await brokenWrites(world))];
}

async function brokenFor(
  world: World,
  link: Stood,
  all: readonly QuickBooksInvoice[],
  edits: readonly Edit[],
): Promise<readonly string[]> {
  const { internalId: id } = link;
  const here = await world.invoicing.invoice(id);
  const mine = all.filter(
    ({ PrivateNote }) =>
      (PrivateNote ?? '').includes(`LedgerBridge ${id}\n`) ||
      (PrivateNote ?? '').endsWith(`LedgerBridge ${id}`),
  );
  const there = all.find(({ Id }) => Id === link.quickbooksId) ?? null;
  const shown = link.letters.map(({ reason, explanation }) => `${reason}: ${explanation}`);
  return [
    ...(mine.length > 1 ? [`I5: ${id} is ${mine.length} times in QuickBooks`] : []),
    ...link.letters.flatMap(({ reason }, place) =>
      explained.has(reason) ? [] : [`a dead letter that nobody caused: ${shown[place]}`],
    ),
    ...(link.status === 'IN_SYNC' && link.crashMarks > 0 ? [`${id} keeps crash marks`] : []),
    ...(mayRest(link, here) ? [] : [`I2: ${id} is ${link.status} at rest`]),
    ...(link.status === 'IN_SYNC' ? unequal(id, here, there) : []),
    ...edits
      .filter(({ invoiceId }) => invoiceId === id)
      .flatMap((edit) => lost(edit, edits, here, there, link.kept)),
  ];
}

/** What was void before anybody took it up never crosses. */
const mayRest = (
  { status, quickbooksId }: Stood,
  here: Readonly<Record<string, unknown>>,
): boolean =>
  ['IN_SYNC', 'CONFLICT', 'DEAD_LETTERED'].includes(status) ||
  (status === 'UNLINKED' && quickbooksId === null && here['status'] === 'void');

/** I14 and I22, by what the sides themselves show, not by the engine's own comparison. */
function unequal(id: string, raw: object, there: QuickBooksInvoice | null): readonly string[] {
  const here = internalInvoice.parse(raw);
  if (there === null) return here.status === 'void' ? [] : [`I14: ${id} is not in QuickBooks`];
  const isVoid = there.TotalAmt === 0 && (there.PrivateNote ?? '').startsWith('Voided');
  if ((here.status === 'void') !== isVoid) return [`I14: ${id} is void on one side only`];
  if (isVoid) return [];
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ...watchedFields.map((field) => [field, here[field] ?? null, thereAt(there, field)] as const),
    // Where nobody says when it is due, QuickBooks does by its terms.
    ['dueDate', here.dueDate ?? there['DueDate'], there['DueDate']],
    ['total', Number(here.total), there.TotalAmt],
    ['balance', Number(here.balanceDue), there['Balance']],
  ];
  return pairs.flatMap(([what, one, other]) =>
    one === other
      ? []
      : [`I14: ${what} of ${id} is ${String(one)} internally and ${String(other)} in QuickBooks`],
  );
}

/**
 * I11: what a person said is gone only where somebody who saw it said something else, or where it lost against the other
 * side's value and is kept with that decision.
 */
function lost(
  edit: Edit,
  all: readonly Edit[],
  here: Readonly<Record<string, unknown>>,
  there: QuickBooksInvoice | null,
  kept: string,
): readonly string[] {
  const { said, field, invoiceId, side } = edit;
  const stands = here[field] === said || (there !== null && thereAt(there, field) === said);
  const overwritten = all.some(
    (other) => other.invoiceId === invoiceId && other.field === field && other.saw === said,
  );
  if (stands || overwritten || kept.includes(`"${said}`) || kept.includes(`${said}\\"`)) return [];
  return [`I11: ${field} of ${invoiceId}, “${said}” said on the ${side} side, is lost`];
}

const doubled = z.object({ what: z.string() });

/** I5 and I6 over everything that either side was made to do so far. */
async function brokenWrites(world: World): Promise<readonly string[]> {
  const made = [...(await world.quickbooks.mutations()), ...(await world.invoicing.mutations())]
    .filter(({ actor }) => actor === 'api')
    .map(({ requestId }) => requestId);
  const ids = made.flatMap((id) => id ?? []);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  const unknown = await world.rows(
    doubled,
    `SELECT t.id AS what FROM unnest($1::text[]) AS t(id) WHERE NOT EXISTS (SELECT 1 FROM intent n WHERE n.id::text = t.id)`,
    [ids],
  );
  return [
    ...(made.length === ids.length ? [] : ['I6: a write left without a request id']),
    ...twice.map((id) => `I5: intent ${id} took effect twice`),
    ...unknown.map(({ what }) => `I6: nobody wrote ${what} down before it was sent`),
  ];
}
