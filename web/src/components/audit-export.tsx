import { useState } from 'react';
import { useClient } from 'urql';
import { auditCsv } from '../audit-export.ts';
import { AuditEntriesDocument } from '../graphql/generated/graphql.ts';
import type {
  AuditEntriesQueryVariables,
  AuditEntryPartsFragment,
  AuditFilter,
} from '../graphql/generated/graphql.ts';
import { failureOf } from '../graphql/failure.ts';
import { formatCount } from '../format/money.ts';
import { Button } from '../ui/button.tsx';
import { downloadText } from '../ui/download.ts';

/** The API's largest page, and so many pages at most; a larger trail is asked for in parts by time. */
const pageSize = 200;
const pagesMax = 50;

type ExportState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'reading'; readonly count: number }
  | { readonly kind: 'said'; readonly sentence: string; readonly isFailure: boolean };

const writers = {
  csv: { type: 'text/csv;charset=utf-8', write: auditCsv },
  json: {
    type: 'application/json',
    write: (entries: readonly AuditEntryPartsFragment[]) => JSON.stringify(entries, null, 2),
  },
} as const;

/** What the list holds under its narrowing, as a file. */
export function AuditExport({ filter }: { readonly filter: AuditFilter }) {
  const client = useClient();
  const [state, setState] = useState<ExportState>({ kind: 'idle' });

  const exportAs = async (form: keyof typeof writers) => {
    const entries: AuditEntryPartsFragment[] = [];
    let after: string | null = null;
    for (let page = 0; page < pagesMax; page += 1) {
      setState({ kind: 'reading', count: entries.length });
      const variables: AuditEntriesQueryVariables = { first: pageSize, after, filter };
      const options = { requestPolicy: 'network-only' } as const;
      // Each page begins where the one before ended.
      // oxlint-disable-next-line no-await-in-loop
      const answer = await client.query(AuditEntriesDocument, variables, options).toPromise();
      const { data, error } = answer;
      if (error) {
        const sentence = `Nothing was exported. ${failureOf(error).sentence}`;
        return setState({ kind: 'said', sentence, isFailure: true });
      }
      entries.push(...(data?.auditEntries.nodes ?? []));
      const info = data?.auditEntries.pageInfo;
      after = info?.hasNextPage === true ? info.endCursor : null;
      if (after === null) break;
    }
    const { type, write } = writers[form];
    downloadText(`audit.${form}`, type, write(entries));
    const cut = after === null ? '' : ' These are the newest; narrow by time for older ones.';
    const sentence = `${entries.length === 1 ? '1 entry' : `${formatCount(entries.length)} entries`} exported.${cut}`;
    return setState({ kind: 'said', sentence, isFailure: false });
  };

  const isReading = state.kind === 'reading';
  return (
    <span className="flex flex-wrap items-center justify-end gap-1">
      <span role="status" className="text-[0.8125rem] text-ink-soft" data-figures>
        {isReading && `${formatCount(state.count)} read…`}
        {state.kind === 'said' && !state.isFailure && state.sentence}
      </span>
      {state.kind === 'said' && state.isFailure && (
        <span role="alert" className="text-[0.8125rem] text-you">
          {state.sentence}
        </span>
      )}
      <Button kind="quiet" disabled={isReading} onClick={() => void exportAs('csv')}>
        CSV
      </Button>
      <Button kind="quiet" disabled={isReading} onClick={() => void exportAs('json')}>
        JSON
      </Button>
    </span>
  );
}
