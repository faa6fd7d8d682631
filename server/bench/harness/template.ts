import { z } from 'zod';
import { plainInvoice } from '../../test/support/companies.ts';
import { createWorld } from '../../test/support/world.ts';

const json = z.record(z.string(), z.unknown());
export type Json = z.infer<typeof json>;

/** A pair that crossed for real, in a database that holds nothing else; others are made like it. */
export const templateShape = z.object({
  databaseUrl: z.string(),
  environment: z.record(z.string(), z.string()),
  companyId: z.string(),
  linkId: z.string(),
  /** The invoice as internal invoicing answers it, and as QuickBooks does. */
  internal: json,
  quickbooks: json,
});
export type Template = Readonly<z.infer<typeof templateShape>>;

/** Lets one invoice cross between the two simulators and keeps what that left in the database; 2 s. */
export async function crossOne(databaseUrl: string): Promise<Template> {
  const world = await createWorld({
    database: { url: databaseUrl, drop: async () => {} },
    leaseSeconds: 15,
  });
  try {
    await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
    await world.drainUntilSettled();
    const [link] = await world.rows(z.object({ id: z.string() }), 'SELECT id FROM link');
    const seen = await world.rows(
      z.object({ side: z.string(), raw: json }),
      'SELECT side, raw FROM observation ORDER BY captured_at DESC',
    );
    const rawOf = (side: string): Json => {
      const found = seen.find((one) => one.side === side);
      if (found === undefined) throw new Error(`nothing was seen of ${side}`);
      return found.raw;
    };
    if (link === undefined) throw new Error('no link was made');
    return {
      databaseUrl,
      environment: world.environment,
      companyId: world.companyId,
      linkId: link.id,
      internal: rawOf('INTERNAL'),
      quickbooks: rawOf('QUICKBOOKS'),
    };
  } finally {
    await world.close();
  }
}
