import { z } from 'zod';
import type { Bridge } from './bridge.ts';
import { allCompanies, companyNamed, type NamedCompany } from './company-names.ts';

const schema = z.object({
  verifyAuditChain: z.object({
    intact: z.boolean(),
    checked: z.coerce.bigint(),
    head: z.string().nullable(),
    firstBroken: z.object({ id: z.string(), summary: z.string() }).nullable(),
  }),
});

const document = `query Verify($companyId: ID, $expectedHead: String) {
  verifyAuditChain(companyId: $companyId, expectedHead: $expectedHead) { intact checked head firstBroken { id summary } } }`;

/** Computes every hash of the trail anew, of one company or of all; true when all chains are whole. */
export async function verifyAudit(
  bridge: Bridge,
  wishes: { readonly company?: string; readonly expectedHead?: string },
  say: (line: string) => void,
): Promise<boolean> {
  const { company, expectedHead } = wishes;
  const wanted: readonly NamedCompany[] =
    company === undefined ? await allCompanies(bridge) : [await companyNamed(bridge, company)];
  let isWhole = true;
  for (const { id, name } of wanted) {
    const variables = { companyId: id, expectedHead: expectedHead ?? null };
    const { verifyAuditChain: check } = await bridge.ask(document, variables, schema);
    isWhole &&= check.intact;
    say(
      check.intact
        ? `${name}: intact, ${check.checked} entries, head ${check.head ?? 'none'}`
        : `${name}: BROKEN at ${check.firstBroken === null ? 'its end' : `${check.firstBroken.id} (${check.firstBroken.summary})`}`,
    );
  }
  return isWhole;
}
