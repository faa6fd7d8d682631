import { useState } from 'react';
import { ActRefusal } from '../components/act-refusal.tsx';
import { AppLink, useGo } from '../components/app-link.tsx';
import { NeedsAdmin } from '../components/needs-admin.tsx';
import { QueryView } from '../components/query-view.tsx';
import { SetupFrame } from '../components/setup-frame.tsx';
import { newWebhookSecret } from '../companies/webhook-secret.ts';
import { CreateCompanyDocument, ViewerRightsDocument } from '../graphql/generated/graphql.ts';
import { useAct } from '../graphql/use-act.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { TextField } from '../ui/field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

/** The first step of setting a company up: where its internal books are. QuickBooks is connected next. */
export function NewCompanyPage() {
  const rights = useLiveQuery({ query: ViewerRightsDocument, variables: {} });
  const mayChange = rights.data?.viewer.scopes.includes('ADMIN') === true;
  return (
    <SetupFrame companyId={null} title="Connect a company" here="connect" reached="connect">
      <QueryView
        result={rights}
        what="What you may do"
        skeleton={<Skeleton what="what you may do" rows={1} />}
      >
        {() => <NeedsAdmin mayChange={mayChange} />}
      </QueryView>
      <NewCompanyForm mayChange={mayChange} />
    </SetupFrame>
  );
}

function NewCompanyForm({ mayChange }: { readonly mayChange: boolean }) {
  const [name, setName] = useState('');
  const [invoicingBaseUrl, setBaseUrl] = useState('');
  const [invoicingToken, setToken] = useState('');
  const [invoicingWebhookSecret, setSecret] = useState(newWebhookSecret);
  const { state, act, isActing } = useAct(
    CreateCompanyDocument,
    ({ createCompany }) => createCompany,
  );
  const go = useGo();
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const isOff = !mayChange || isOffline || isActing;
  const create = async () => {
    const done = await act((idempotencyKey) => ({
      input: {
        name: name.trim(),
        invoicingBaseUrl: invoicingBaseUrl.trim(),
        invoicingToken,
        invoicingWebhookSecret,
        idempotencyKey,
      },
    }));
    if (done !== null) go(paths.companySetup(done.company.id, { step: 'connect' }), 'replace');
  };
  return (
    <form
      aria-label="Internal books"
      className="flex max-w-xl flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <fieldset disabled={isOff} className="flex flex-col gap-4">
        <TextField
          label="Name of the company"
          required
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <TextField
          label="Address of the internal invoicing system"
          type="url"
          required
          placeholder="https://"
          value={invoicingBaseUrl}
          onChange={({ target }) => setBaseUrl(target.value)}
          help="Where it serves its REST contract."
        />
        <TextField
          label="Bearer token for it"
          type="password"
          required
          autoComplete="off"
          value={invoicingToken}
          onChange={({ target }) => setToken(target.value)}
          help="Kept encrypted; never shown again."
        />
        <SecretField secret={invoicingWebhookSecret} onType={setSecret} />
      </fieldset>
      <ActRefusal state={state} />
      <NewCompanyActions isOff={isOff} isActing={isActing} />
    </form>
  );
}

type SecretFieldProps = {
  readonly secret: string;
  readonly onType: (secret: string) => void;
};

function SecretField({ secret, onType }: SecretFieldProps) {
  return (
    <div>
      <TextField
        label="Secret its webhooks are signed with"
        required
        autoComplete="off"
        value={secret}
        onChange={({ target }) => onType(target.value)}
        help="Made for you, or paste the one it has. It is shown this once: copy it into your invoicing system now."
      />
      <p className="flex items-center gap-1 text-[0.8125rem] text-ink-soft">
        <CopyButton label="Copy the secret" text={secret} /> Copy the secret
      </p>
    </div>
  );
}

type ActionsProps = { readonly isOff: boolean; readonly isActing: boolean };

function NewCompanyActions({ isOff, isActing }: ActionsProps) {
  return (
    <p className="flex items-center gap-3">
      <Button type="submit" kind="strong" disabled={isOff}>
        {isActing ? 'Making…' : 'Go on to QuickBooks'}
      </Button>
      <AppLink href={paths.companies()} className="underline underline-offset-4">
        Not now
      </AppLink>
    </p>
  );
}
