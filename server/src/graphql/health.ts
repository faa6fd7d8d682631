import { Prisma } from '#generated/prisma/client.ts';
import { builder } from './builder.ts';
import { areReadsShort, readsAreShort } from './call-budget.ts';
import type { GraphqlContext } from './context.ts';
import { HealthEnum } from './enums/company.ts';
import { encodeCursor } from './stream-cursor.ts';
import type { StreamHead } from './stream-source.ts';

type HealthState = typeof HealthEnum.$inferType;

type ComponentShape = {
  readonly name: string;
  readonly state: HealthState;
  readonly detail: string | null;
  readonly lastSeenAt: Date;
};

type SystemHealthShape = {
  readonly components: readonly ComponentShape[];
  readonly head: StreamHead;
};

/** From when on silence of a part is a finding, in milliseconds. */
const silence = { degradedMs: 10_000, downMs: 60_000 } as const;

function stateAfter(silentMs: number): HealthState {
  if (silentMs > silence.downMs) return 'DOWN';
  return silentMs > silence.degradedMs ? 'DEGRADED' : 'OK';
}

function publisherHealth(head: StreamHead, now: Date): ComponentShape {
  const lagMs = now.getTime() - head.completeUntil.getTime();
  const state = stateAfter(lagMs);
  const seconds = Math.round(lagMs / 1000);
  const detail = state === 'OK' ? null : `The stream is complete only up to ${seconds} s ago.`;
  return { name: 'stream-publisher', state, detail, lastSeenAt: head.completeUntil };
}

type WorkRow = {
  readonly renewedAt: Date | null;
  readonly waitingSeconds: number;
  readonly readsShort: boolean;
};

/** The budget is the whole app's, so one company's appetite is everybody's finding. */
const readBudgetHealth = (row: WorkRow | undefined, now: Date): ComponentShape =>
  row?.readsShort === true
    ? { name: 'quickbooks-reads', state: 'DEGRADED', detail: readsAreShort, lastSeenAt: now }
    : { name: 'quickbooks-reads', state: 'OK', detail: null, lastSeenAt: now };

/** Changes that are due and that nobody takes up are the dispatcher's illness; an idle one is well. */
function dispatcherHealth(row: WorkRow | undefined, now: Date): ComponentShape {
  const waitingSeconds = row?.waitingSeconds ?? 0;
  const state = stateAfter(waitingSeconds * 1000);
  const detail =
    state === 'OK' ? null : `A change has been due for ${waitingSeconds} s and is not taken up.`;
  return { name: 'outbox-dispatcher', state, detail, lastSeenAt: row?.renewedAt ?? now };
}

async function systemHealth(context: GraphqlContext): Promise<SystemHealthShape> {
  const now = new Date(context.clock.now());
  const head = await context.stream.head();
  const [work] = await context.prisma.$queryRaw<WorkRow[]>(Prisma.sql`
    SELECT (SELECT max("renewed_at") FROM "company_lease") AS "renewedAt", ${areReadsShort(context)} AS "readsShort",
      coalesce((SELECT greatest(0, floor(extract(epoch FROM ${now}::timestamptz - min("l"."due_at"))))
        FROM "link" AS "l" JOIN "company" AS "c" ON "c"."id" = "l"."company_id"
        WHERE "l"."due_at" IS NOT NULL AND "l"."claim_epoch" IS NULL AND "c"."status" = 'ACTIVE'
          AND coalesce("c"."throttled_until" < ${now}, true) AND coalesce("c"."breaker_open_until" < ${now}, true)), 0)::int AS "waitingSeconds"`);
  const database = { name: 'database', state: 'OK', detail: null, lastSeenAt: now } as const;
  const parts = [
    dispatcherHealth(work, now),
    publisherHealth(head, now),
    readBudgetHealth(work, now),
  ];
  return { head, components: [database, ...parts] };
}

const ranks = { OK: 0, DEGRADED: 1, DOWN: 2 } as const satisfies Record<HealthState, number>;

const worst = (states: readonly HealthState[]): HealthState =>
  states.reduce((left, right) => (ranks[right] > ranks[left] ? right : left), 'OK');

const ComponentHealthRef = builder.objectRef<ComponentShape>('ComponentHealth').implement({
  description: 'Health of one part.',
  fields: (t) => ({
    name: t.exposeString('name', { description: "Name, for example 'outbox-dispatcher'." }),
    state: t.expose('state', { type: HealthEnum, description: 'State.' }),
    detail: t.exposeString('detail', { nullable: true, description: 'What is wrong, in words.' }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', description: 'Last sign of life.' }),
  }),
});

const SystemHealthRef = builder.objectRef<SystemHealthShape>('SystemHealth').implement({
  description: 'Health of the bridge itself.',
  fields: (t) => ({
    state: t.field({
      type: HealthEnum,
      description: 'Worst of the parts.',
      resolve: ({ components }) => worst(components.map((component) => component.state)),
    }),
    components: t.field({
      type: [ComponentHealthRef],
      description: 'Parts.',
      resolve: ({ components }) => [...components],
    }),
    streamHead: t.field({
      type: 'StreamCursor',
      description: 'Newest position in the event stream.',
      resolve: ({ head }) => encodeCursor(head),
    }),
    streamTail: t.field({
      type: 'StreamCursor',
      description: 'Oldest position still replayable.',
      resolve: ({ head }) =>
        encodeCursor({ generation: head.generation, position: head.tailPosition }),
    }),
    build: t.string({
      description: 'Running version.',
      resolve: (_health, _args, context) => context.build,
    }),
  }),
});

builder.queryField('systemHealth', (t) =>
  t.field({
    type: SystemHealthRef,
    description: 'Health of the bridge itself.',
    complexity: 5,
    resolve: (_root, _args, context) => systemHealth(context),
  }),
);
