import process from 'node:process';
import { startsAtMs } from './books.ts';
import type { HistoryReport } from './history.ts';
import { storyOf } from './run.ts';
import { shrunk } from './shrink.ts';

/** `npm run converge -- --memory m918`: lives through one history, and tells the least of it that breaks a promise. */
const [seed = 'm1'] = process.argv.slice(2);
const { history, less } = await shrunk(seed);
process.stdout.write(`${storyOf(history)}\n`);
if (less.stepsMax !== undefined || less.without !== undefined)
  process.stdout.write(`  shrunk: ${JSON.stringify(less)}\n`);
process.stdout.write(`${timelineOf(history).join('\n')}\n`);
process.exitCode = history.broken.length === 0 ? 0 : 1;

/** Everything that happened, in ms since the history began. */
function timelineOf({ world: { books, rows } }: HistoryReport): readonly string[] {
  const lines: (readonly [number, string])[] = [];
  for (const { at, actor, entity, id, operation, requestId } of books.quickbooks
    .mutations(books.realm)
    .after())
    lines.push([
      Date.parse(at),
      `QuickBooks: ${actor} ${operation} ${entity} ${id} ${requestId ?? ''}`,
    ]);
  for (const {
    at,
    actor,
    entity,
    id,
    operation,
    requestId,
  } of books.invoicing.company.mutationsAfter(0))
    lines.push([
      Date.parse(at),
      `internal: ${actor} ${operation} ${entity} ${id} ${requestId ?? ''}`,
    ]);
  for (const {
    id,
    createdAt,
    side,
    operation,
    object,
    body,
    state,
    evidence,
    settledAt,
  } of rows.intents.values()) {
    lines.push([
      createdAt,
      `  meant ${id}: ${operation} ${object} in ${side}: ${body.slice(0, 160)}`,
    ]);
    if (settledAt !== null) lines.push([settledAt, `  settled ${id}: ${state} ${evidence ?? ''}`]);
  }
  for (const { history, subject } of rows.events.values())
    for (const { at, stage, note } of history)
      lines.push([
        at,
        `    event of ${subject.side} ${subject.kind} ${subject.id}: ${stage} ${note ?? ''}`,
      ]);
  for (const { at, action, summary } of rows.audit) lines.push([at, `      ${action}: ${summary}`]);
  for (const { at, epoch, holder } of rows.epochs)
    lines.push([at, `  ${holder} took the lease, epoch ${epoch}`]);
  return lines
    .toSorted(([one], [other]) => one - other)
    .map(([at, what]) => `${String(at - startsAtMs).padStart(9)}  ${what}`);
}
