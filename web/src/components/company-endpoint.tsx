import { useState } from 'react';
import { UpdateInvoicingEndpointDocument } from '../graphql/generated/graphql.ts';
import type { CompanyPartsFragment } from '../graphql/generated/graphql.ts';
import { newWebhookSecret } from '../companies/webhook-secret.ts';
import { formatDateTime } from '../format/date.ts';
import { useAct } from '../graphql/use-act.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { TextField } from '../ui/field.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { AgoText } from './values.tsx';

type EndpointProps = { readonly company: CompanyPartsFragment; readonly mayChange: boolean };

const overlapHours = 24;
const hourMs = 3_600_000;

function useEndpoint({ id, version }: CompanyPartsFragment) {
  const { state, act, isActing } = useAct(
    UpdateInvoicingEndpointDocument,
    ({ updateInvoicingEndpoint }) => updateInvoicingEndpoint,
  );
  const update = (change: {
    readonly baseUrl?: string;
    readonly token?: string;
    readonly webhookSecret?: string;
    readonly overlapUntil?: string;
  }) =>
    act((idempotencyKey) => ({
      input: { ...change, companyId: id, expectedVersion: version, idempotencyKey },
    }));
  return { state, update, isActing };
}

/** Where the internal books are, and what signs their webhooks. Secrets go in and never come out. */
export function CompanyEndpoint({ company, mayChange }: EndpointProps) {
  const { invoicing } = company;
  return (
    <div className="flex flex-col gap-4">
      <p>
        {invoicing.lastSeenAt === null ? (
          'It has not answered yet.'
        ) : (
          <>
            It answered last <AgoText instant={invoicing.lastSeenAt} />.
          </>
        )}
      </p>
      <div className="text-[0.8125rem]">
        <p className="font-medium">Webhooks go to</p>
        <p className="flex items-center gap-1">
          <code className="font-mono break-all">{invoicing.webhookUrl}</code>
          <CopyButton label="Copy the address" text={invoicing.webhookUrl} />
        </p>
        <p className="text-ink-soft">Set it as the receiver in your invoicing system.</p>
      </div>
      <AddressForm key={company.version} company={company} mayChange={mayChange} />
      <SecretRotation company={company} mayChange={mayChange} />
    </div>
  );
}

function AddressForm({ company, mayChange }: EndpointProps) {
  const [baseUrl, setBaseUrl] = useState(company.invoicing.baseUrl);
  const [token, setToken] = useState('');
  const { state, update, isActing } = useEndpoint(company);
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const isOff = !mayChange || isOffline || isActing;
  const isSame = baseUrl === company.invoicing.baseUrl && token === '';
  return (
    <form
      className="flex flex-col gap-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        void update({ baseUrl, ...(token === '' ? {} : { token }) });
      }}
    >
      <TextField
        label="Address of its REST contract"
        type="url"
        required
        disabled={isOff}
        value={baseUrl}
        onChange={({ target }) => setBaseUrl(target.value)}
      />
      <TextField
        label="New bearer token"
        type="password"
        autoComplete="off"
        disabled={isOff}
        value={token}
        onChange={({ target }) => setToken(target.value)}
        help="Empty: the present one stays. It is kept encrypted and never shown."
      />
      <ActRefusal state={state} />
      <Button type="submit" className="self-start" disabled={isOff || isSame}>
        {isActing ? 'Saving…' : 'Save address and token'}
      </Button>
    </form>
  );
}

/** A new secret is made in this browser and shown this once; the old one counts for a while longer. */
function SecretRotation({ company, mayChange }: EndpointProps) {
  const [secret, setSecret] = useState<string | null>(null);
  const [until, setUntil] = useState<string | null>(null);
  const { state, update, isActing } = useEndpoint(company);
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const isOff = !mayChange || isOffline || isActing;
  const use = async (webhookSecret: string) => {
    const overlapUntil = new Date(Date.now() + overlapHours * hourMs).toISOString();
    if ((await update({ webhookSecret, overlapUntil })) === null) return;
    setUntil(overlapUntil);
  };
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-4" data-rotation>
      <p className="text-[0.8125rem] font-medium">Webhook secret</p>
      {secret === null ? (
        <Button
          className="self-start"
          disabled={isOff}
          onClick={() => {
            setUntil(null);
            setSecret(newWebhookSecret());
          }}
        >
          Make a new secret…
        </Button>
      ) : (
        <>
          <p className="flex items-center gap-1 rounded-md bg-us-soft px-3 py-2">
            <code className="font-mono break-all">{secret}</code>
            <CopyButton label="Copy the secret" text={secret} />
          </p>
          <p className="text-[0.8125rem] text-ink-soft">
            It is shown this once. Copy it into your invoicing system.
          </p>
          {until === null ? (
            <Button className="self-start" disabled={isOff} onClick={() => void use(secret)}>
              {isActing
                ? 'Switching…'
                : `Use it, and accept the old one for ${overlapHours} more hours`}
            </Button>
          ) : (
            <p role="status" className="flex flex-wrap items-center gap-3">
              In use. The old one counts until {formatDateTime(until)}.
              <Button kind="quiet" onClick={() => setSecret(null)}>
                I have copied it
              </Button>
            </p>
          )}
        </>
      )}
      <ActRefusal state={state} />
    </div>
  );
}
