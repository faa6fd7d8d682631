import { z } from 'zod';
import type { Pair } from './pair.ts';
import type { World } from './world.ts';

/** What an internal invoice shows of its money. */
export const internalMoney = z.object({
  total: z.string(),
  balanceDue: z.string(),
  payments: z.array(
    z.object({
      id: z.string(),
      amount: z.string(),
      date: z.string(),
      method: z.string().nullable(),
      reference: z.string().nullable(),
    }),
  ),
});

const quickBooksPayment = z.looseObject({
  Id: z.string(),
  TotalAmt: z.number(),
  UnappliedAmt: z.number().optional(),
  TxnDate: z.string(),
  PrivateNote: z.string().optional(),
  PaymentRefNum: z.string().optional(),
  PaymentMethodRef: z.object({ value: z.string() }).optional(),
  Line: z
    .array(
      z.looseObject({
        Amount: z.number(),
        LinkedTxn: z.array(z.object({ TxnId: z.string(), TxnType: z.string() })),
      }),
    )
    .default([]),
});
export type QuickBooksPayment = z.output<typeof quickBooksPayment>;

/** A person records a payment in internal invoicing; answers its id. */
export async function payHere({ world, id }: Pair, amount: string, more: object = {}) {
  const { paymentId } = await world.invoicing.human({ action: 'pay', id, amount, ...more });
  if (paymentId === undefined) throw new Error('the simulator recorded no payment');
  return paymentId;
}

/** A person records a payment in QuickBooks over the given invoices; answers its id. */
export async function payThere(
  world: World,
  invoices: readonly { readonly id: string; readonly amount: number }[],
  more: object = {},
): Promise<string> {
  const { id } = await world.quickbooks.human({ action: 'pay', invoices, ...more });
  return id;
}

/** A person changes fields of a payment in QuickBooks. */
export const editPaymentThere = (world: World, id: string, set: object) =>
  world.quickbooks.human({ action: 'edit', entity: 'Payment', id, set });

/** The internal invoice's money. */
export const moneyHere = async ({ world, id }: Pick<Pair, 'world' | 'id'>) =>
  internalMoney.parse(await world.invoicing.invoice(id));

/** Every payment of the QuickBooks company. */
export const paymentsThere = async (world: World): Promise<readonly QuickBooksPayment[]> =>
  z.array(quickBooksPayment).parse(await world.quickbooks.all('Payment'));

/** What each payment gives to the invoice in QuickBooks. */
export async function givenThere({ world, quickbooksId }: Pair): Promise<readonly number[]> {
  const payments = await paymentsThere(world);
  return payments.flatMap(({ Line }) =>
    Line.filter((line) => line.LinkedTxn.some(({ TxnId }) => TxnId === quickbooksId)).map(
      ({ Amount }) => Amount,
    ),
  );
}

/** Both balances as numbers: equal when the sides agree. */
export async function balances(both: Pair): Promise<readonly number[]> {
  const invoices = z
    .array(z.looseObject({ Id: z.string(), Balance: z.number() }))
    .parse(await both.world.quickbooks.all('Invoice'));
  const there = invoices.find(({ Id }) => Id === both.quickbooksId);
  return [Number((await moneyHere(both)).balanceDue), there?.Balance ?? Number.NaN];
}

/** What the bridge did to payments on each side, in order. */
export async function paymentWrites({ world }: Pick<Pair, 'world'>) {
  const ofBridge = ({ actor, entity }: { actor: string; entity: string }) =>
    actor === 'api' && entity.toLowerCase() === 'payment';
  const [here, there] = await Promise.all([
    world.invoicing.mutations(),
    world.quickbooks.mutations(),
  ]);
  return {
    here: here.filter(ofBridge).map(({ operation }) => operation),
    there: there.filter(ofBridge).map(({ operation }) => operation),
  };
}
