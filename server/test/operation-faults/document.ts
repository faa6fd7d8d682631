import { mishapNames, mishaps, operationNames, outcomes, table } from './cells.ts';

const sides = { quickbooks: 'QuickBooks', internal: 'internal invoicing' } as const;
type Side = keyof typeof sides;

/** `docs/operation-faults.md`: the cells that the tests prove, with how each ends. */
export const operationFaultsDocument = (): string =>
  `${[
    '# What becomes of a write when something goes wrong',
    'Every operation of the bridge against every fault that the simulators can produce, one test a cell: the real clients over HTTP, both simulators, PostgreSQL. After each cell both sides agree, nothing is open, the audit chain holds, and the mutation log of the side that was written to shows at most one mutation for each intent, except where this page says otherwise. Printed from `server/test/operation-faults/cells.ts`; the tests that prove it are `server/test/engine/operation-fault-table-*.sim.test.ts`. `operation-fault-sequences.sim.test.ts` beside them lets one write meet up to four faults in turn, sampled, while the looks after it fail as well.',
    section('quickbooks'),
    section('internal'),
    'How each ends:',
    list([
      `*${outcomes.done}*: one request, one answer.`,
      `*${outcomes.found}*: there was no clear answer, so the bridge looked, saw that the write had been done, and kept what it saw as the evidence of the intent.`,
      `*${outcomes.again}*: it looked, the write was not there (a create is looked for until it cannot land any more), and the same bytes went again under the same id.`,
      `*${outcomes.either}*: whichever comes first, its landing or the repeat; what lands second is refused, for the version has moved or the name is taken.`,
      `*${outcomes.anew}*: somebody else seemed to have written first; nothing was forced.`,
      `*${outcomes.later}*: nobody's fault, and no attempt is counted.`,
      `*${outcomes.stopped}*: the same request would be refused again, so a person is asked.`,
      `*${outcomes.healed}*: a system that does what it says it refused breaks the contract; the change is found in its own news, and nothing is written twice.`,
      `*${outcomes.twice}*: where a side finishes a create after the bridge has waited its full time for it, and then does not honour the id of the repeat, the repeat makes a second one. Nobody outside that side can prevent it. It is found: the next reconcile raises two invoices as a suspected duplicate, and a second payment waits as a conflict instead of crossing.`,
    ]),
  ].join('\n\n')}\n`;

function section(side: Side): string {
  const columns = operationNames.filter((operation) => table[operation].side === side);
  const rows = mishapNames.map((mishap) => [
    mishaps[mishap],
    ...columns.map((operation) => outcomes[table[operation].cells[mishap]]),
  ]);
  const head = ['the write is …', ...columns.map((operation) => table[operation].title)];
  return [
    `## Writes to ${sides[side]}`,
    '',
    ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}

const list = (entries: readonly string[]): string =>
  entries.map((entry) => `- ${entry}`).join('\n');
