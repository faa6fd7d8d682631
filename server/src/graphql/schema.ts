import { builder } from './builder.ts';
import './scalars.ts';
import './mutation-error.ts';
import './viewer.ts';
import './company.ts';
import './invoice-list.ts';
import './outbox-event.ts';
import './attempt.ts';
import './crossing-now.ts';
import './dead-letter.ts';
import './dead-letter-group.ts';
import './conflict-list.ts';
import './audit.ts';
import './audit-check.ts';
import './sync-event-list.ts';
import './sync-stream.ts';
import './reference.ts';
import './stats-query.ts';
import './reconcile-run.ts';
import './evidence-report.ts';
import './drift.ts';
import './health.ts';
import './search.ts';
import './node.ts';
import './bulk-operation.ts';
import './dead-letter-actions.ts';
import './conflict-actions.ts';
import './conflict-preview.ts';
import './bulk-actions.ts';
import './field-policy-actions.ts';
import './policy-preview.ts';
import './resolve-conflicts.ts';
import './invoice-actions.ts';
import './link-actions.ts';
import './company-actions.ts';
import './company-administration.ts';
import './connection-check.ts';
import './match-suggestion.ts';
import './planned-write.ts';
import './onboarding-actions.ts';
import './outbox-event-actions.ts';
import './reference-actions.ts';
import './reconcile-actions.ts';
import './undo.ts';
import './api-client-actions.ts';

builder.queryType({
  description: 'Reading; needs scope READ.',
  authScopes: { scope: 'READ' },
});

builder.mutationType({
  description:
    'Changing; needs scope OPERATE, or ADMIN where said. Every mutation takes one input with an idempotency key and returns a union.',
  authScopes: { scope: 'OPERATE' },
});

builder.subscriptionType({
  description:
    'Watching; needs scope READ. Over graphql-transport-ws at /graphql, or over server-sent events at the same address.',
  authScopes: { scope: 'READ' },
});

/** The whole API, as it is printed to server/schema.graphql. */
export const schema = builder.toSchema();
