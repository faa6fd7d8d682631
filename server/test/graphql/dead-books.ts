import { randomUUID } from 'node:crypto';
import type { Bridge } from './bridge.ts';
import { globalId } from './requests.ts';
import { reasonOf, seedCompany, seedDeadLetter, seedInvoice } from './seed.ts';

type Safety = keyof typeof reasonOf;

let numbered = 0;

/** One more open dead letter of a company, of an invoice of its own. */
export async function addDeadLetter(
  { prisma }: Bridge,
  companyId: string,
  safety: Safety = 'SAFE',
): Promise<string> {
  numbered += 1;
  const invoice = await seedInvoice(prisma, companyId, numbered);
  const id = await seedDeadLetter(prisma, { companyId, ...invoice });
  await prisma.deadLetter.update({ where: { id }, data: { reason: reasonOf[safety] } });
  return id;
}

/** A company with so many open dead letters; each is SAFE unless its verdict is said. */
export async function deadBooks(bridge: Bridge, count: number, safeties: readonly Safety[] = []) {
  const companyId = await seedCompany(bridge.prisma, `Books ${randomUUID()}`);
  const letters = await Promise.all(
    Array.from({ length: count }, (_, index) => addDeadLetter(bridge, companyId, safeties[index])),
  );
  const filter = { companyIds: [globalId('Company', companyId)] };
  return { companyId, letters, selection: { filter } };
}
