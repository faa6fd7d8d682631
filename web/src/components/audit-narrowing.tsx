import type { ReactNode } from 'react';
import { auditActions } from '../audit-filter.ts';
import { paths } from '../paths.ts';
import type { AuditQuery } from '../paths.ts';
import { auditActionLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { textsOf } from '../ui/form-texts.ts';
import { AppLink, useGo } from './app-link.tsx';

const field = 'h-8 max-w-full rounded-md border border-line-strong bg-surface px-2';

/** Narrowing of the audit trail; all of it stands in the address, and each part can be taken away. */
export function AuditNarrowing({ search }: { readonly search: AuditQuery }) {
  const go = useGo();
  return (
    <div className="flex flex-col gap-3">
      <form
        // What an address changes must show in the fields, which keep what was typed.
        key={JSON.stringify(search)}
        role="search"
        className="flex flex-wrap items-end gap-x-3 gap-y-2"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const typed = textsOf(form, ['action', 'from', 'to', 'correlation']);
          const { action: _action, from: _from, to: _to, correlation: _id, ...kept } = search;
          go(paths.audit({ ...kept, ...typed }), 'replace');
        }}
      >
        <Labelled label="Action">
          <select name="action" defaultValue={search.action ?? ''} className={field}>
            <option value="">Any action</option>
            {auditActions.map((action) => (
              <option key={action} value={action}>
                {auditActionLabels[action]}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled label="From">
          <input
            type="datetime-local"
            name="from"
            defaultValue={search.from ?? ''}
            className={field}
          />
        </Labelled>
        <Labelled label="Until">
          <input type="datetime-local" name="to" defaultValue={search.to ?? ''} className={field} />
        </Labelled>
        <Labelled label="Correlation id">
          <input
            name="correlation"
            autoComplete="off"
            spellCheck={false}
            defaultValue={search.correlation ?? ''}
            className={`${field} w-56`}
          />
        </Labelled>
        <Button type="submit">Narrow</Button>
      </form>
      <Narrowed search={search} />
    </div>
  );
}

type LabelledProps = { readonly label: string; readonly children: ReactNode };

function Labelled({ label, children }: LabelledProps) {
  return (
    <label className="flex max-w-full flex-col gap-1 text-[0.8125rem] text-ink-soft">
      {label}
      {children}
    </label>
  );
}

/** What narrows the list that no field shows. */
function Narrowed({ search }: { readonly search: AuditQuery }) {
  const { actor, who, subject, about, ...rest } = search;
  const chips = [
    ...(actor === undefined
      ? []
      : [
          {
            words: `Only by ${who ?? 'one actor'}`,
            href: paths.audit({ ...rest, ...(subject && { subject }), ...(about && { about }) }),
          },
        ]),
    ...(subject === undefined
      ? []
      : [
          {
            words: `Only about ${about ?? 'one object'}`,
            href: paths.audit({ ...rest, ...(actor && { actor }), ...(who && { who }) }),
          },
        ]),
  ];
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Narrowed to" className="flex flex-wrap gap-x-4 gap-y-1">
      {chips.map(({ words, href }) => (
        <li key={words}>
          {words}{' '}
          <AppLink href={href} className="underline underline-offset-4">
            clear
          </AppLink>
        </li>
      ))}
    </ul>
  );
}
