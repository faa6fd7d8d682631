import { z } from 'zod';
import { builder } from './builder.ts';

const storedFault = z.object({
  code: z.string(),
  message: z.string(),
  detail: z.string().nullable(),
  element: z.string().nullable(),
});
type FaultShape = z.infer<typeof storedFault>;

/** The fault a row keeps; null when there was none. */
export const faultOf = (stored: unknown): FaultShape | null =>
  stored === null ? null : storedFault.parse(stored);

/** What the codes that people meet mean (quickbooks.md §3); everything else is shown as QuickBooks words it. */
const meanings: Readonly<Record<string, string>> = {
  '610': 'QuickBooks no longer has this record, or it was made inactive.',
  '2500': 'A record this invoice refers to does not exist in QuickBooks.',
  '3100': 'QuickBooks no longer lets the bridge into this company; it must be reconnected.',
  '3200': 'QuickBooks no longer accepts the access it gave; it must be reconnected.',
  '5010': 'Somebody changed the invoice in QuickBooks meanwhile; it is looked at again.',
  '6000': 'QuickBooks refused the invoice by one of its business rules.',
  '6140': 'Another document in QuickBooks already uses this number.',
  '6190': 'The QuickBooks subscription of this company has ended or does not allow this.',
  '6210': 'The books are closed for the date of this invoice.',
  '6240': 'QuickBooks already has a record of that name.',
};

export const QuickBooksFaultRef = builder.objectRef<FaultShape>('QuickBooksFault').implement({
  description: 'Error as QuickBooks words it, beside our plain translation.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'QuickBooks error code.' }),
    message: t.exposeString('message', { description: 'QuickBooks text.' }),
    detail: t.exposeString('detail', { nullable: true, description: 'QuickBooks detail.' }),
    path: t.exposeString('element', {
      nullable: true,
      description: 'Element QuickBooks complains about, mapped to our field path when known.',
    }),
    explanation: t.string({
      description: 'What it means, in plain words.',
      resolve: ({ code, message }) => meanings[code] ?? `QuickBooks refused it: ${message}`,
    }),
  }),
});
