import type { Row } from './harness/row.ts';
import { calls } from './rows/calls.ts';
import { deliveries } from './rows/deliveries.ts';
import { httpCrossings } from './rows/http-crossings.ts';
import { limit } from './rows/limit.ts';
import { takeover } from './rows/takeover.ts';
import { fairness } from './rows/fairness.ts';
import { latency } from './rows/latency.ts';
import { list } from './rows/list.ts';
import { memory } from './rows/memory.ts';
import { merge } from './rows/merge.ts';
import { backlog, crossings, graphile, ordered } from './rows/queues.ts';
import { reads } from './rows/reads.ts';
import { wal } from './rows/wal.ts';
import { web } from './rows/web.ts';
import { workers } from './rows/workers.ts';
import { acknowledgement, webhooks } from './rows/webhooks.ts';

/** All rows in the order they are run: what is over quickly first. */
export const rows: readonly Row[] = [
  merge,
  calls,
  reads,
  wal,
  latency,
  list,
  webhooks,
  acknowledgement,
  httpCrossings,
  crossings,
  ordered,
  backlog,
  graphile,
  limit,
  takeover,
  deliveries,
  web,
  memory,
  workers,
  fairness,
];
