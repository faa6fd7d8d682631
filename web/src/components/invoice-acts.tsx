import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { failureOf } from '../graphql/failure.ts';
import {
  LinkInvoicesDocument,
  SetInvoicePausedDocument,
  SyncInvoiceNowDocument,
  UnlinkInvoiceDocument,
} from '../graphql/generated/graphql.ts';
import type { InvoiceQuery } from '../graphql/generated/graphql.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { LinkForm, UnlinkForm } from './link-forms.tsx';

/** What an act needs to know of the invoice. */
export type ActableInvoice = Pick<
  NonNullable<InvoiceQuery['invoice']>,
  'id' | 'version' | 'number' | 'status' | 'internal' | 'quickbooks' | 'company'
>;

type InvoiceActsProps = { readonly invoice: ActableInvoice; readonly mayAct: boolean };

/** What a person can do to the crossing of one invoice; each is turned back by its counterpart. */
export function InvoiceActs({ invoice, mayAct }: InvoiceActsProps) {
  const acts = useInvoiceActs(invoice);
  const [isLinking, setLinking] = useState(false);
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const isPaused = invoice.status === 'PAUSED';
  const isWhole = invoice.internal !== null && invoice.quickbooks !== null;
  const refusal = !mayAct
    ? 'This needs a key with the right to operate.'
    : isOffline
      ? 'You are offline. Nothing is sent until the connection is back.'
      : undefined;
  const common = { disabled: refusal !== undefined || acts.isAsking, title: refusal };
  return (
    <div className="flex flex-wrap items-center gap-1.5 py-1 sm:ml-auto sm:py-0">
      <Button {...common} onClick={() => void acts.sync()}>
        Sync now
      </Button>
      <Button {...common} onClick={() => void acts.pause(!isPaused)}>
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <Button {...common} onClick={() => setLinking(true)}>
        {isWhole ? 'Unlink…' : 'Link by hand…'}
      </Button>
      <span role="status" className={acts.said?.isFailure ? 'text-you' : 'text-ink-soft'}>
        {acts.said?.sentence}
      </span>
      <Dialog
        title={isWhole ? `Unlink ${invoice.number ?? 'this invoice'}` : 'Link by hand'}
        isOpen={isLinking}
        onClose={() => setLinking(false)}
      >
        {isWhole ? (
          <UnlinkForm
            onSend={async (note) => (await acts.unlink(note)) && setLinking(false)}
            onClose={() => setLinking(false)}
            problem={acts.said?.isFailure ? acts.said.sentence : null}
          />
        ) : (
          <LinkForm
            known={invoice.internal === null ? 'QUICKBOOKS' : 'INTERNAL'}
            onSend={async (otherId, note) => (await acts.link(otherId, note)) && setLinking(false)}
            onClose={() => setLinking(false)}
            problem={acts.said?.isFailure ? acts.said.sentence : null}
          />
        )}
      </Dialog>
    </div>
  );
}

type Said = { readonly sentence: string; readonly isFailure: boolean };

type Answer = { readonly __typename: string; readonly message?: string };

function useInvoiceActs(invoice: ActableInvoice) {
  const { id, version, company, internal, quickbooks } = invoice;
  const [said, setSaid] = useState<Said | null>(null);
  const sync = useAct(SyncInvoiceNowDocument, ({ syncInvoiceNow }) => syncInvoiceNow, setSaid);
  const pause = useAct(SetInvoicePausedDocument, (data) => data.setInvoicePaused, setSaid);
  const unlink = useAct(UnlinkInvoiceDocument, ({ unlinkInvoice }) => unlinkInvoice, setSaid);
  const link = useAct(LinkInvoicesDocument, ({ linkInvoices }) => linkInvoices, setSaid);
  return {
    said,
    isAsking: sync.isAsking || pause.isAsking || unlink.isAsking || link.isAsking,
    sync: () => sync.act({ invoiceId: id }, 'It is looked at next.'),
    pause: (paused: boolean) =>
      pause.act(
        { invoiceId: id, expectedVersion: version, paused },
        paused ? 'Paused: nothing of it crosses until it is resumed.' : 'Resumed.',
      ),
    unlink: (note: string) =>
      unlink.act({ invoiceId: id, expectedVersion: version, note }, 'The link is cut.'),
    link: (otherId: string, note: string) =>
      link.act(
        {
          companyId: company.id,
          internalId: internal?.externalId ?? otherId,
          quickbooksId: quickbooks?.externalId ?? otherId,
          note,
        },
        'Linked.',
      ),
  };
}

/** One mutation with a key of its own, told in a sentence either way. */
function useAct<Data, Input extends object, Variables extends AnyVariables & { input: Input }>(
  document: TypedDocumentNode<Data, Variables>,
  answerOf: (data: Data) => Answer,
  say: (said: Said) => void,
) {
  const [{ fetching }, execute] = useMutation<Data, { input: object }>(document);
  const keys = useRef(createRequestKeys());
  const act = async (asked: Omit<Input, 'idempotencyKey'>, done: string): Promise<boolean> => {
    const { data, error } = await execute({
      input: { ...asked, idempotencyKey: keys.current(asked) },
    });
    const answer = data === undefined ? null : answerOf(data);
    const isDone = error === undefined && answer?.__typename.endsWith('Success') === true;
    const why = error === undefined ? answer?.message : failureOf(error).sentence;
    say(
      isDone
        ? { sentence: done, isFailure: false }
        : { sentence: `Nothing was done. ${why ?? 'Try again.'}`, isFailure: true },
    );
    return isDone;
  };
  return { isAsking: fetching, act };
}
