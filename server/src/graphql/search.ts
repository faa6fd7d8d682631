import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { CompanyRef } from './company.ts';
import { ConflictRef } from './conflict.ts';
import type { GraphqlContext } from './context.ts';
import { DeadLetterRef } from './dead-letter.ts';
import { badInput } from './errors.ts';
import { inCompanies } from './filters.ts';
import { readGlobalId } from './global-id.ts';
import { InvoiceRef } from './invoice.ts';
import { isUuid } from './page-window.ts';
import { ReconcileRunRef } from './reconcile-run.ts';
import {
  loadCompanies,
  loadConflicts,
  loadDeadLetters,
  loadLinks,
  loadReconcileRuns,
  rowOfField,
} from './rows.ts';

const SearchHitRef = builder.unionType('SearchHit', {
  description: 'Things search can find.',
  types: [InvoiceRef, ConflictRef, DeadLetterRef, ReconcileRunRef, CompanyRef],
});

type Hit = {
  readonly type: 'Invoice' | 'Conflict' | 'DeadLetter' | 'ReconcileRun' | 'Company';
  readonly id: string;
};

const hitsMax = 50;

const all = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join([...conditions], ' AND ');

/** Exact matches first, then beginnings, then anywhere; newest first among equals. One statement. */
function findHits(context: GraphqlContext, words: string, first: number): Promise<Hit[]> {
  const escaped = words.replace(/[\\%_]/g, String.raw`\$&`);
  const anywhere = `%${escaped}%`;
  const begins = `${escaped}%`;
  const read = readGlobalId(words)?.id ?? words;
  const id = isUuid(read) ? read : words;
  const mine = (alias: string) =>
    all(inCompanies(context, Prisma.raw(`"${alias}"."company_id"`), null));
  const company = all(inCompanies(context, Prisma.sql`"c"."id"`, null));
  return context.prisma.$queryRaw<Hit[]>(Prisma.sql`
    SELECT "type", "id" FROM (
      (SELECT 'Invoice' AS "type", "l"."id"::text AS "id", "l"."changed_at" AS "at",
        CASE WHEN "l"."number" = ${words} OR "l"."id"::text = ${id} OR "l"."internal_id" = ${words} OR "l"."quickbooks_id" = ${words} THEN 0
          WHEN "l"."number" ILIKE ${begins} OR "l"."customer_name" ILIKE ${begins} THEN 1 ELSE 2 END AS "rank"
      FROM "link" AS "l" WHERE ${mine('l')} AND ("l"."number" ILIKE ${anywhere} OR "l"."customer_name" ILIKE ${anywhere}
        OR "l"."id"::text = ${id} OR "l"."internal_id" = ${words} OR "l"."quickbooks_id" = ${words}
        OR "l"."id" IN (SELECT "e"."link_id" FROM "outbox_event" AS "e" WHERE "e"."correlation_id" = ${words} OR "e"."id"::text = ${id}))
      ORDER BY "rank", "at" DESC LIMIT ${first})
      UNION ALL
      (SELECT 'Conflict', "f"."id"::text, "f"."detected_at", 0 FROM "conflict" AS "f"
      WHERE ${mine('f')} AND ("f"."id"::text = ${id} OR ("f"."status" = 'OPEN'
        AND "f"."link_id" IN (SELECT "n"."id" FROM "link" AS "n" WHERE "n"."number" = ${words})))
      ORDER BY "f"."detected_at" DESC LIMIT ${first})
      UNION ALL
      (SELECT 'DeadLetter', "d"."id"::text, "d"."died_at", 0 FROM "dead_letter" AS "d"
      WHERE ${mine('d')} AND ("d"."id"::text = ${id}
        OR "d"."event_id" IN (SELECT "e"."id" FROM "outbox_event" AS "e" WHERE "e"."correlation_id" = ${words}))
      ORDER BY "d"."died_at" DESC LIMIT ${first})
      UNION ALL
      (SELECT 'ReconcileRun', "r"."id"::text, "r"."started_at", 0 FROM "reconcile_run" AS "r"
      WHERE ${mine('r')} AND ("r"."id"::text = ${id} OR "r"."correlation_id" = ${words}) LIMIT ${first})
      UNION ALL
      (SELECT 'Company', "c"."id"::text, "c"."created_at", CASE WHEN "c"."name" ILIKE ${begins} OR "c"."id"::text = ${id} THEN 0 ELSE 2 END
      FROM "company" AS "c" WHERE ${company} AND ("c"."name" ILIKE ${anywhere} OR "c"."realm_id" = ${words} OR "c"."id"::text = ${id})
      LIMIT ${first})
    ) AS "hit" ORDER BY "rank", "at" DESC, "id" LIMIT ${first}`);
}

const invoiceHit = rowOfField(loadLinks, 'Invoice');
const conflictHit = rowOfField(loadConflicts, 'Conflict');
const deadLetterHit = rowOfField(loadDeadLetters, 'DeadLetter');
const runHit = rowOfField(loadReconcileRuns, 'ReconcileRun');
const companyHit = rowOfField(loadCompanies, 'Company');

builder.queryField('search', (t) =>
  t.field({
    type: [SearchHitRef],
    description: 'Quick search for the command palette: number, customer, id, correlation id.',
    complexity: ({ first }) => ({ field: first, multiplier: Math.max(1, first) }),
    args: {
      query: t.arg.string({ required: true, description: 'Words typed.' }),
      first: t.arg.int({
        required: true,
        defaultValue: 10,
        description: 'How many, 1 to 50.',
      }),
    },
    resolve: async (_root, { query, first }, context, info) => {
      if (first < 1 || first > hitsMax) throw badInput(`first takes 1 to ${hitsMax}.`);
      const words = query.trim().slice(0, 200);
      if (words === '') return [];
      const hits = await findHits(context, words, first);
      const found = await Promise.all(
        hits.map(async ({ type, id }) => {
          if (type === 'Invoice') {
            const invoice = await invoiceHit(id, context, info);
            return invoice && InvoiceRef.addBrand(invoice);
          }
          if (type === 'Conflict') {
            const conflict = await conflictHit(id, context, info);
            return conflict && ConflictRef.addBrand(conflict);
          }
          if (type === 'DeadLetter') {
            const letter = await deadLetterHit(id, context, info);
            return letter && DeadLetterRef.addBrand(letter);
          }
          if (type === 'ReconcileRun') {
            const run = await runHit(id, context, info);
            return run && ReconcileRunRef.addBrand(run);
          }
          const company = await companyHit(id, context, info);
          return company && CompanyRef.addBrand(company);
        }),
      );
      return found.filter((hit) => hit !== null);
    },
  }),
);
