import { useState } from 'react';
import { DisconnectCompanyDocument } from '../graphql/generated/graphql.ts';
import type { CompanyCardPartsFragment } from '../graphql/generated/graphql.ts';
import { useAct } from '../graphql/use-act.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { TextField } from '../ui/field.tsx';
import { ActRefusal } from './act-refusal.tsx';

type DisconnectProps = {
  readonly company: CompanyCardPartsFragment;
  readonly mayChange: boolean;
};

/** One of the few acts that cannot be taken back, so it asks for the name. */
export function CompanyDisconnect({ company, mayChange }: DisconnectProps) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const { state, act, isActing } = useAct(
    DisconnectCompanyDocument,
    ({ disconnectCompany }) => disconnectCompany,
  );
  const { id, version, name } = company;
  const disconnect = async () => {
    const done = await act((idempotencyKey) => ({
      input: { companyId: id, expectedVersion: version, confirmName: typed, idempotencyKey },
    }));
    if (done !== null) setOpen(false);
  };
  return (
    <>
      <Button disabled={!mayChange || isOffline} onClick={() => setOpen(true)}>
        Disconnect…
      </Button>
      <Dialog title={`Disconnect ${name}`} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            void disconnect();
          }}
        >
          <p>
            QuickBooks access is given back at once and nothing crosses any more. Invoices on both
            sides stay as they are, and so does the history here. It can be connected again, to the
            same QuickBooks company.
          </p>
          <TextField
            label={`Type ${name} to confirm`}
            value={typed}
            autoComplete="off"
            onChange={({ target }) => setTyped(target.value)}
          />
          <ActRefusal state={state} />
          <DialogEnd
            verb={isActing ? 'Disconnecting…' : 'Disconnect'}
            isReady={typed === name && !isActing}
            onClose={() => setOpen(false)}
          />
        </form>
      </Dialog>
    </>
  );
}
