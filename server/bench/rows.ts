import type { Row } from './harness/row.ts';
import { merge } from './rows/merge.ts';
import { backlog, crossings, graphile, ordered } from './rows/queues.ts';
import { web } from './rows/web.ts';

/** All rows in the order they are printed. */
export const rows: readonly Row[] = [crossings, ordered, backlog, graphile, merge, web];
