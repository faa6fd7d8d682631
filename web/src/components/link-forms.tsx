import { useState } from 'react';
import type { Side } from '../graphql/generated/graphql.ts';
import { sideLabels } from '../state-labels.ts';
import { DialogEnd } from '../ui/dialog-end.tsx';

type UnlinkFormProps = {
  readonly onSend: (note: string) => Promise<unknown>;
  readonly onClose: () => void;
  readonly problem: string | null;
};

const fieldLook =
  'mt-1 block w-full rounded-md border border-line-strong bg-surface px-2.5 py-1.5 font-normal';

/** Asks why; both documents stay, and what one side changes no longer crosses. */
export function UnlinkForm({ onSend, onClose, problem }: UnlinkFormProps) {
  const [note, setNote] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void onSend(note.trim());
      }}
    >
      <p>
        Both invoices stay as they are. From then on a change of one no longer reaches the other,
        until they are linked again.
      </p>
      <NoteField note={note} onChange={setNote} />
      <Problem problem={problem} />
      <DialogEnd verb="Unlink" isReady={note.trim() !== ''} onClose={onClose} />
    </form>
  );
}

type LinkFormProps = {
  /** The side that has the invoice; the other one's id is asked for. */
  readonly known: Side;
  readonly onSend: (otherId: string, note: string) => Promise<unknown>;
  readonly onClose: () => void;
  readonly problem: string | null;
};

/** Pairs this invoice with one of the other side that the bridge did not pair by itself. */
export function LinkForm({ known, onSend, onClose, problem }: LinkFormProps) {
  const [otherId, setOtherId] = useState('');
  const [note, setNote] = useState('');
  const other = sideLabels[known === 'INTERNAL' ? 'QUICKBOOKS' : 'INTERNAL'];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void onSend(otherId.trim(), note.trim());
      }}
    >
      <p>The two are compared at once; where they differ, a person is asked.</p>
      <label className="mt-3 block font-medium">
        Id of the invoice in {other}
        <input
          required
          value={otherId}
          onChange={({ target }) => setOtherId(target.value)}
          className={`${fieldLook} font-mono`}
        />
      </label>
      <NoteField note={note} onChange={setNote} />
      <Problem problem={problem} />
      <DialogEnd
        verb="Link"
        isReady={note.trim() !== '' && otherId.trim() !== ''}
        onClose={onClose}
      />
    </form>
  );
}

type NoteFieldProps = { readonly note: string; readonly onChange: (note: string) => void };

function NoteField({ note, onChange }: NoteFieldProps) {
  return (
    <label className="mt-3 block font-medium">
      Reason, kept in the audit trail
      <textarea
        required
        rows={2}
        maxLength={1_000}
        value={note}
        onChange={({ target }) => onChange(target.value)}
        className={fieldLook}
      />
    </label>
  );
}

function Problem({ problem }: { readonly problem: string | null }) {
  if (problem === null) return null;
  return (
    <p role="alert" className="mt-3 text-you">
      {problem}
    </p>
  );
}
