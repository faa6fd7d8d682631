import type { AuditEntryPartsFragment } from './graphql/generated/graphql.ts';
import { paths } from './paths.ts';

/** What an audit entry is about. */
export type AuditSubject = NonNullable<AuditEntryPartsFragment['subject']>;

type Standing = {
  /** The invoice concerned, when there is one. */
  readonly invoice: { readonly id: string; readonly number: string | null } | null;
  /** Its own page, when it has one besides the invoice's. */
  readonly place: { readonly href: string; readonly words: string } | null;
  /** Its name within "All about …". */
  readonly name: string;
  /** The id the trail is narrowed by; null where the API gives none. */
  readonly id: string | null;
};

const without = { invoice: null, place: null };

/** Where a subject stands in the app, and what it is called there. */
export function standingOf(subject: AuditSubject): Standing {
  switch (subject.__typename) {
    case 'Invoice': {
      const { id, number } = subject;
      return { invoice: subject, place: null, name: number ?? 'this invoice', id };
    }
    case 'Conflict': {
      const { id, invoice } = subject;
      const place = { href: paths.conflict(id), words: 'The conflict' };
      return { invoice, place, name: 'this conflict', id };
    }
    case 'DeadLetter': {
      const { id, event } = subject;
      const place = { href: paths.deadLetter(id), words: 'The dead letter' };
      return { invoice: event.invoice, place, name: 'this dead letter', id };
    }
    case 'OutboxEvent':
      return { invoice: subject.about, place: null, name: 'this change', id: subject.id };
    case 'Drift': {
      const { id, run } = subject;
      const place = run && { href: paths.reconcileRun(run.id), words: 'The run that found it' };
      return { invoice: null, place, name: 'this drift', id };
    }
    case 'ReconcileRun': {
      const place = { href: paths.reconcileRun(subject.id), words: 'The run' };
      return { invoice: null, place, name: 'this run', id: subject.id };
    }
    case 'Reference': {
      const { id, internalName, quickbooksName } = subject;
      return { ...without, name: internalName ?? quickbooksName ?? 'this reference', id };
    }
    case 'BulkOperation':
      return { ...without, name: subject.label, id: subject.id };
    case 'Company':
      return { ...without, name: subject.name, id: subject.id };
    case 'ApiClient':
    case 'FieldPolicy':
      return { ...without, name: 'this', id: null };
    default:
      return subject satisfies never;
  }
}
