import type { Row } from './harness/row.ts';
import { calls } from './rows/calls.ts';
import { latency } from './rows/latency.ts';
import { list } from './rows/list.ts';
import { merge } from './rows/merge.ts';
import { backlog, crossings, graphile, ordered } from './rows/queues.ts';
import { reads } from './rows/reads.ts';
import { wal } from './rows/wal.ts';
import { web } from './rows/web.ts';
import { acknowledgement, webhooks } from './rows/webhooks.ts';

/** All rows in the order they are printed. */
export const rows: readonly Row[] = [
  calls,
  reads,
  crossings,
  ordered,
  backlog,
  graphile,
  webhooks,
  acknowledgement,
  latency,
  list,
  wal,
  merge,
  web,
];
