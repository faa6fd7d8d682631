import type { AuditEntryPartsFragment } from '../graphql/generated/graphql.ts';
import { standingOf } from '../audit-subject.ts';
import type { AuditSubject } from '../audit-subject.ts';
import { formatDateTime } from '../format/date.ts';
import { paths } from '../paths.ts';
import {
  auditActionLabels,
  conflictStatusLabels,
  invoiceStatusLabels,
  sideLabels,
} from '../state-labels.ts';
import { deadLetterStatusLabels, driftStatusLabels } from '../work-labels.ts';
import { AppLink } from './app-link.tsx';
import { FieldValueText } from './values.tsx';
import { readable } from '../format/sentence.ts';

type Entry = AuditEntryPartsFragment;
type Change = Entry['changes'][number];

const shownHashLength = 12;
const link = 'underline underline-offset-4';

/** Who did what, before and after, why; with the ways to what it is about and to what belongs together. */
export function AuditEntry({ entry }: { readonly entry: Entry }) {
  const { id, at, action, summary, actor, changes, note, subject } = entry;
  return (
    <li data-row-id={id} className="border-t border-line px-4 py-3 first:border-t-0">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <time dateTime={at} className="text-xs whitespace-nowrap text-ink-soft">
          {formatDateTime(at)}
        </time>
        <p data-row tabIndex={-1} className="min-w-0 font-medium break-words">
          {readable(summary)}
        </p>
      </div>
      {changes.length > 0 && <Changes changes={changes} />}
      {note !== null && <p className="mt-1">“{note}”</p>}
      <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-[0.8125rem] text-ink-soft">
        <span>{auditActionLabels[action]}</span>
        {actor.__typename === 'ApiClient' ? (
          <AppLink href={paths.audit({ actor: actor.id, who: actor.displayName })} className={link}>
            {actor.displayName}
          </AppLink>
        ) : (
          <span>{actor.displayName}</span>
        )}
        {subject !== null && <SubjectLinks subject={subject} entry={entry} />}
        <AppLink href={paths.audit({ correlation: entry.correlationId })} className={link}>
          What belongs together
        </AppLink>
        <span className="whitespace-nowrap">
          No. {entry.sequence} ·{' '}
          <code className="font-mono text-xs">{entry.hash.slice(0, shownHashLength)}</code>
        </span>
      </p>
    </li>
  );
}

/** Changes shown beside the sentence; a document made or agreed on as a whole has dozens, which are folded. */
const changesMax = 4;

function Changes({ changes }: { readonly changes: Entry['changes'] }) {
  const rows = (
    <ul className="mt-1 flex flex-col gap-0.5">
      {changes.map((change) => (
        <ChangeRow key={`${change.side} ${change.path}`} change={change} />
      ))}
    </ul>
  );
  if (changes.length <= changesMax) return rows;
  return (
    <details className="mt-1">
      <summary className="text-[0.8125rem] text-ink-soft underline underline-offset-4">
        {changes.length} fields
      </summary>
      {rows}
    </details>
  );
}

/** An address in other lines, a line by another id: what a person reads is what it was. */
const readsTheSame = ({ before, after }: Change): boolean =>
  before !== null && after !== null && before.display === after.display;

/** A state in the words of the page it stands on; the API keeps its own name for it. */
function stateWords(value: NonNullable<Change['before']>): string {
  const known: Readonly<Record<string, { readonly label: string }>> = {
    ...invoiceStatusLabels,
    ...conflictStatusLabels,
    ...deadLetterStatusLabels,
    ...driftStatusLabels,
  };
  return known[value.display]?.label ?? value.display;
}

function Value({ change, value }: { readonly change: Change; readonly value: Change['before'] }) {
  if (value === null) return <FieldValueText value={value} />;
  if (change.path === 'status') return stateWords(value);
  // Words of the bridge; any other value is a person's own and stands as it is.
  if (change.path.startsWith('payments[')) return readable(value.display);
  return <FieldValueText value={value} />;
}

function ChangeRow({ change }: { readonly change: Change }) {
  return (
    <li className="text-[0.8125rem]">
      <span className="text-ink-soft">
        {change.path === 'status' ? 'Status' : change.label}
        {change.side && ` in ${sideLabels[change.side]}`}:
      </span>{' '}
      <Value change={change} value={change.before} />
      {readsTheSame(change) ? (
        <span className="text-ink-soft"> (only its details changed)</span>
      ) : (
        <>
          {' '}
          <span aria-hidden="true">→</span>
          <span className="sr-only">becomes</span> <Value change={change} value={change.after} />
        </>
      )}
    </li>
  );
}

type SubjectLinksProps = { readonly subject: AuditSubject; readonly entry: Entry };

function SubjectLinks({ subject, entry }: SubjectLinksProps) {
  const { invoice, place, name, id } = standingOf(subject);
  return (
    <>
      {invoice !== null && (
        <AppLink
          href={paths.invoice(invoice.id, { tab: 'crossing', correlation: entry.correlationId })}
          className={link}
        >
          Its crossing
        </AppLink>
      )}
      {place !== null && (
        <AppLink href={place.href} className={link}>
          {place.words}
        </AppLink>
      )}
      {id !== null && (
        <AppLink href={paths.audit({ subject: id, about: name })} className={link}>
          All about {name}
        </AppLink>
      )}
    </>
  );
}
