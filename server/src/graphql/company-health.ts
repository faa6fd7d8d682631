import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { Prisma, type CompanyStatus } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { areReadsShort, readsAreShort } from './call-budget.ts';
import type { GraphqlContext } from './context.ts';
import { HealthEnum } from './enums/company.ts';

/** From when on a change that waits for the bridge, not for a person, is a finding, in seconds. */
const slowAfterSeconds = 300;

/** A company's traffic light in SQL, so that lists can be narrowed by it. */
export function healthState(context: GraphqlContext): Prisma.Sql {
  const now = new Date(context.clock.now());
  return Prisma.sql`CASE
  WHEN "c"."status" IN ('NEEDS_RECONNECT', 'DISCONNECTED') THEN 'DOWN'
  WHEN "c"."status" <> 'ACTIVE' OR "c"."throttled_until" > ${now} OR "c"."breaker_open_until" > ${now}
    OR cardinality("c"."paused_directions") > 0 OR ${areReadsShort(context)}
    OR EXISTS (SELECT 1 FROM "outbox_event" AS "open" WHERE "open"."company_id" = "c"."id" AND "open"."ended_at" IS NULL
      AND "open"."stage" <> 'HELD' AND "open"."received_at" < ${new Date(now.getTime() - slowAfterSeconds * 1000)}) THEN 'DEGRADED'
  ELSE 'OK' END`;
}

type HealthRow = {
  readonly id: string;
  readonly state: typeof HealthEnum.$inferType;
  readonly status: CompanyStatus;
  readonly throttled: boolean;
  readonly breakerOpen: boolean;
  readonly readsShort: boolean;
  readonly pausedDirections: number;
  readonly oldestPendingSeconds: number;
  readonly lastWebhookAt: Date | null;
  readonly lastInternalWebhookAt: Date | null;
  readonly lastPollAt: Date | null;
};

const statusReasons = {
  NEEDS_RECONNECT: 'QuickBooks access lapsed; an administrator must connect the company again.',
  DISCONNECTED: 'The company is disconnected; its history is kept.',
  AWAITING_AUTHORIZATION: 'QuickBooks is not connected yet.',
  PAUSED: 'A person paused syncing for this company.',
  ACTIVE: null,
} as const satisfies Record<CompanyStatus, string | null>;

/** Findings as sentences, worst first. */
function reasonsOf(row: HealthRow): string[] {
  const findings = [
    statusReasons[row.status],
    row.breakerOpen ? 'QuickBooks failed repeatedly; calls rest for a moment.' : null,
    row.throttled ? 'QuickBooks asked us to slow down; changes wait their turn.' : null,
    row.readsShort ? readsAreShort : null,
    row.oldestPendingSeconds >= slowAfterSeconds
      ? `The oldest change has waited ${Math.floor(row.oldestPendingSeconds / 60)} minutes.`
      : null,
    row.pausedDirections === 1 ? 'A direction of this company is paused.' : null,
    row.pausedDirections === 2 ? statusReasons.PAUSED : null,
  ];
  return findings.filter((finding) => finding !== null);
}

async function loadHealth(context: GraphqlContext, ids: readonly string[]): Promise<HealthRow[]> {
  const now = new Date(context.clock.now());
  const rows = await context.prisma.$queryRaw<HealthRow[]>(Prisma.sql`
    SELECT "c"."id"::text AS "id", ${healthState(context)} AS "state", "c"."status"::text AS "status",
      coalesce("c"."throttled_until" > ${now}, false) AS "throttled",
      coalesce("c"."breaker_open_until" > ${now}, false) AS "breakerOpen",
      ${areReadsShort(context)} AS "readsShort",
      cardinality("c"."paused_directions") AS "pausedDirections",
      coalesce((SELECT greatest(0, floor(extract(epoch FROM ${now}::timestamptz - min("open"."received_at"))))
        FROM "outbox_event" AS "open" WHERE "open"."company_id" = "c"."id" AND "open"."ended_at" IS NULL
          AND "open"."stage" <> 'HELD'), 0)::int AS "oldestPendingSeconds",
      "c"."last_webhook_at" AS "lastWebhookAt",
      "c"."last_internal_webhook_at" AS "lastInternalWebhookAt", "c"."last_poll_at" AS "lastPollAt"
    FROM "company" AS "c" WHERE "c"."id" = ANY(${[...ids]}::uuid[])`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
}

/** Health of companies, one statement for all that a request asks about. */
export const companyHealth = createContextCache(
  (context: GraphqlContext) => new DataLoader((ids: readonly string[]) => loadHealth(context, ids)),
);

export const CompanyHealthRef = builder.objectRef<HealthRow>('CompanyHealth').implement({
  description: 'Why a company is healthy or not.',
  fields: (t) => ({
    state: t.expose('state', { type: HealthEnum, description: 'Traffic light.' }),
    reasons: t.stringList({
      description: 'Plain sentences, worst first; empty when all is well.',
      resolve: reasonsOf,
    }),
    lastWebhookAt: t.expose('lastWebhookAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Last time QuickBooks told us anything by webhook.',
    }),
    lastInternalWebhookAt: t.expose('lastInternalWebhookAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Last time internal invoicing told us anything by webhook.',
    }),
    lastPollAt: t.expose('lastPollAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Last successful change-data poll.',
    }),
    oldestPendingSeconds: t.exposeInt('oldestPendingSeconds', {
      description: 'Age in seconds of the oldest change not yet settled.',
    }),
  }),
});
