import { expect, test } from 'vitest';
import type { HealthQuery } from '../graphql/generated/graphql.ts';
import { incidentSummary } from './incident-summary.ts';

const health: HealthQuery = {
  systemHealth: {
    state: 'DEGRADED',
    build: '0.1.0',
    streamHead: 'g1:20',
    streamTail: 'g1:1',
    components: [
      {
        name: 'database',
        state: 'OK',
        detail: null,
        lastSeenAt: '2026-11-30T10:00:00.000Z',
      },
      {
        name: 'outbox-dispatcher',
        state: 'DEGRADED',
        detail: 'A change has been due for 12 s and is not taken up.',
        lastSeenAt: '2026-11-30T09:59:48.000Z',
      },
    ],
  },
  companies: { nodes: [] },
  stats: {
    oldestPendingSeconds: 12,
    statusCounts: [{ status: 'PENDING', count: 3 }],
    latency: [],
  },
};

test('an incident summary names what is unwell and leaves out what is well', () => {
  const text = incidentSummary(health, undefined, new Date('2026-11-30T10:00:00.000Z'));
  expect(text).toMatchInlineSnapshot(`
    "LedgerBridge 0.1.0: Degraded, 2026-11-30T10:00:00.000Z
    - outbox-dispatcher: A change has been due for 12 s and is not taken up. Last seen 2026-11-30T09:59:48.000Z.
    Oldest change waiting: 12 s.
    PENDING 3
    Stream g1:1 to g1:20"
  `);
});
