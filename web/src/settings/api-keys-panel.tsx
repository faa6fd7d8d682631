import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { ActionButton } from '../components/action-button.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { useMay } from '../components/use-rights.ts';
import { TimeText } from '../components/values.tsx';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { ApiClientsDocument, RevokeApiClientDocument } from '../graphql/generated/graphql.ts';
import type { ApiClientPartsFragment } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { refusalWords } from './answer.ts';
import { NewKeyForm } from './new-key-form.tsx';

/** A key that was just made; its secret is shown this once and kept nowhere. */
export type MadeKey = { readonly name: string; readonly secret: string };

const asked = { query: ApiClientsDocument, variables: {} };

/** People and programs, each with a key of its own, what it may do and where; people sign in with theirs. */
export function ApiKeysPanel() {
  const may = useMay('ADMIN');
  if (may === undefined) return null;
  return (
    <Panel
      title="People, programs and their API keys"
      actions={may ? <PanelGraphql {...asked} /> : null}
    >
      <p className="mb-3 max-w-prose text-ink-soft">
        Whoever works with LedgerBridge, a person or a program, has a key of its own: it says who
        did what. To rotate a key, make a new one with the same rights, put it where the old one is
        used, wait until “last used” of the old one stands still, then revoke the old one.
      </p>
      {may ? (
        <Keys />
      ) : (
        <Empty title="You may not see the keys.">
          This needs the right ADMIN. Whoever runs LedgerBridge has a key with it: the first start
          prints the first one. Sign in with that key to make and revoke others.
        </Empty>
      )}
    </Panel>
  );
}

function Keys() {
  const result = useLiveQuery(asked);
  const [made, setMade] = useState<MadeKey | null>(null);
  return (
    <>
      <NewKeyForm
        onMade={(key) => {
          setMade(key);
          result.retry();
        }}
      />
      {made !== null && <Secret made={made} onDone={() => setMade(null)} />}
      <QueryView result={result} what="The API keys">
        {({ apiClients }) => (
          <ul aria-label="API keys" className="mt-4 divide-y divide-line border-t border-line">
            {apiClients.map((client) => (
              <KeyRow key={client.id} client={client} onRevoked={result.retry} />
            ))}
          </ul>
        )}
      </QueryView>
    </>
  );
}

type SecretProps = { readonly made: MadeKey; readonly onDone: () => void };

function Secret({ made, onDone }: SecretProps) {
  return (
    <div className="mt-4 rounded-md bg-us-soft p-3">
      <p className="font-medium">
        The key of {made.name}. Copy it now: it is shown this once and stored nowhere.
      </p>
      <p className="mt-2 flex items-center gap-2">
        <code data-secret className="min-w-0 font-mono break-all">
          {made.secret}
        </code>
        <CopyButton label="Copy the key" text={made.secret} />
        <Button className="ml-auto" onClick={onDone}>
          I have it
        </Button>
      </p>
    </div>
  );
}

type KeyRowProps = { readonly client: ApiClientPartsFragment; readonly onRevoked: () => void };

function KeyRow({ client, onRevoked }: KeyRowProps) {
  const [isAsking, setAsking] = useState(false);
  const isRevoked = client.revokedAt !== null;
  const scopes = client.scopes.join(', ');
  const where =
    client.companies === null
      ? 'all companies'
      : client.companies.map(({ name }) => name).join(', ') || 'no company';
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
      <div className="min-w-48 flex-1">
        <p className={`font-medium ${isRevoked ? 'line-through' : ''}`}>{client.displayName}</p>
        <p className="text-xs text-ink-soft">
          <code className="font-mono">{client.keyPrefix}…</code> · {scopes} · {where}
        </p>
      </div>
      <p className="text-xs text-ink-soft">
        Made <TimeText instant={client.createdAt} />
        <br />
        {client.lastUsedAt === null ? (
          'Never used'
        ) : (
          <>
            Last used <TimeText instant={client.lastUsedAt} />
          </>
        )}
      </p>
      {isRevoked ? (
        <Chip tone="quiet">Revoked</Chip>
      ) : (
        <Button onClick={() => setAsking(true)}>
          Revoke…<span className="sr-only"> {client.displayName}</span>
        </Button>
      )}
      <RevokeDialog
        client={client}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onRevoked={onRevoked}
      />
    </li>
  );
}

type RevokeDialogProps = KeyRowProps & { readonly isOpen: boolean; readonly onClose: () => void };

/** A revoked key never works again, so this one asks first. */
function RevokeDialog({ client, isOpen, onClose, onRevoked }: RevokeDialogProps) {
  const [, execute] = useMutation(RevokeApiClientDocument);
  const [problem, setProblem] = useState<string | null>(null);
  const keys = useRef(createRequestKeys());
  const revoke = async () => {
    const wanted = { apiClientId: client.id };
    const { data, error } = await execute({
      input: { ...wanted, idempotencyKey: keys.current(wanted) },
    });
    const answer = data?.revokeApiClient;
    if (answer?.__typename !== 'RevokeApiClientSuccess') {
      setProblem(refusalWords(error, answer));
      return null;
    }
    onClose();
    onRevoked();
    return `The key of ${client.displayName} was revoked.`;
  };
  return (
    <Dialog title={`Revoke the key of ${client.displayName}?`} isOpen={isOpen} onClose={onClose}>
      <p>
        Whoever uses <code className="font-mono">{client.keyPrefix}…</code> is signed out at once
        and every request with it is refused. This cannot be taken back; a new key can be made.
      </p>
      <p role="alert" className="mt-2 text-you empty:hidden">
        {problem}
      </p>
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <ActionButton needs="ADMIN" kind="strong" act={revoke}>
          Revoke for good
        </ActionButton>
      </div>
    </Dialog>
  );
}
