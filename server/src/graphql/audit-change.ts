import { z } from 'zod';
import { builder } from './builder.ts';
import { SideEnum } from './enums/crossing.ts';
import { FieldValueRef } from './field-value.ts';
import { valueOf, wordsOfPath } from './field-words.ts';
import { sideName } from './words.ts';

/** One field before and after, as the entry's content keeps it (core/audit/entry.ts). */
export const storedChange = z.object({
  path: z.string(),
  side: z.enum(['internal', 'quickbooks']).nullable(),
  before: z.json(),
  after: z.json(),
});
type ChangeShape = z.infer<typeof storedChange>;

/** Currency of an entry's amounts is not kept apart; money shows as the plain amount. */
const currency = null;

export const AuditChangeRef = builder.objectRef<ChangeShape>('AuditChange').implement({
  description: 'One field in an audit entry.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Path.' }),
    label: t.string({
      description: 'Words for the field.',
      resolve: ({ path }) => wordsOfPath(path).label,
    }),
    side: t.field({
      type: SideEnum,
      nullable: true,
      description: "Side written to; null when it is the bridge's own data.",
      resolve: ({ side }) => side && sideName[side],
    }),
    before: t.field({
      type: FieldValueRef,
      nullable: true,
      description: 'Value before.',
      resolve: ({ path, before }) => valueOf(path, before, currency),
    }),
    after: t.field({
      type: FieldValueRef,
      nullable: true,
      description: 'Value after.',
      resolve: ({ path, after }) => valueOf(path, after, currency),
    }),
  }),
});
