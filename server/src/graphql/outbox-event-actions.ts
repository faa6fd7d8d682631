import { builder } from './builder.ts';
import { idOf } from './global-id.ts';
import { keyField } from './input-fields.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { resultUnion, successType } from './mutation-union.ts';
import { OutboxEventRef } from './outbox-event.ts';
import { loadEvents, presentRow } from './rows.ts';

const eventOfField = presentRow(loadEvents);

const ReplayEventInput = builder.inputType('ReplayEventInput', {
  description: 'Send any event round again.',
  fields: (t) => ({
    eventId: t.id({ required: true, description: 'Event.' }),
    note: t.string({ description: 'Reason, kept in the audit trail.' }),
    idempotencyKey: t.field(keyField),
  }),
});

const ReplayEventSuccess = successType('replayEvent');
builder.objectField(ReplayEventSuccess, 'event', (t) =>
  t.field({
    type: OutboxEventRef,
    description: 'New event made for it.',
    complexity: 1,
    resolve: ({ touched }, _args, context, info) =>
      eventOfField(touched.eventId ?? '', context, info),
  }),
);

builder.mutationField('replayEvent', (t) =>
  t.field({
    type: resultUnion('replayEvent', ReplayEventSuccess, [
      'invalid',
      'not-found',
      'illegal',
      'idempotency',
    ]),
    description: 'Sends any event round again, compared anew, never forced.',
    complexity: 1,
    args: { input: t.arg({ type: ReplayEventInput, required: true, description: 'What to do.' }) },
    resolve: async (_root, { input }, context) => {
      const eventId = idOf('OutboxEvent', input.eventId);
      if (eventId === null) return notFoundError(input.eventId);
      const asked = { id: input.eventId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.replayEvent, asked, {
        eventId,
        note: input.note ?? null,
      });
    },
  }),
);
