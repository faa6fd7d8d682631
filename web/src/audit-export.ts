import type { AuditEntryPartsFragment } from './graphql/generated/graphql.ts';
import { csvText } from './format/csv.ts';
import { auditActionLabels, sideLabels } from './state-labels.ts';

type Change = AuditEntryPartsFragment['changes'][number];

const changeWords = ({ label, side, before, after }: Change): string =>
  `${label}${side === null ? '' : ` in ${sideLabels[side]}`}: ${before?.display ?? '–'} → ${after?.display ?? '–'}`;

/** One row an entry, with what it needs to be found in the chain again. */
export function auditCsv(entries: readonly AuditEntryPartsFragment[]): string {
  return csvText([
    ['No.', 'When', 'Who', 'Action', 'What', 'Changes', 'Reason', 'Company', 'Correlation', 'Hash'],
    ...entries.map((entry) => [
      entry.sequence,
      entry.at,
      entry.actor.displayName,
      auditActionLabels[entry.action],
      entry.summary,
      entry.changes.map(changeWords).join('; '),
      entry.note,
      entry.company?.name ?? '',
      entry.correlationId,
      entry.hash,
    ]),
  ]);
}
