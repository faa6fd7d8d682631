import { useState } from 'react';
import { SetNotificationsDocument } from '../graphql/generated/graphql.ts';
import type { CompanyPartsFragment, NotificationKind } from '../graphql/generated/graphql.ts';
import { useAct } from '../graphql/use-act.ts';
import { notificationKindLabels } from '../state-labels.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { SettingCheck } from '../ui/choice-field.tsx';
import { TextField } from '../ui/field.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { plain, QuietHoursFields, type Quiet } from './quiet-hours-fields.tsx';

type NotificationsProps = {
  readonly company: CompanyPartsFragment;
  readonly mayChange: boolean;
};

const kinds = [
  'CONFLICT',
  'DEAD_LETTER',
  'ACCESS',
  'DRIFT',
] as const satisfies readonly NotificationKind[];

const addressesIn = (text: string): string[] =>
  text.split(/[\s,;]+/).filter((address) => address !== '');

/** Who hears of what by itself, and how often at most; the secret of a new address is shown this once. */
export function CompanyNotifications({ company, mayChange }: NotificationsProps) {
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <div className="flex max-w-xl flex-col gap-4">
      {secret !== null && <SigningSecret secret={secret} />}
      <NotificationsForm
        key={company.version}
        company={company}
        mayChange={mayChange}
        onSecret={setSecret}
      />
    </div>
  );
}

function SigningSecret({ secret }: { readonly secret: string }) {
  return (
    <section
      aria-label="Signing secret"
      role="status"
      className="flex flex-col gap-2 rounded-md border border-line p-3 text-[0.8125rem]"
    >
      <p>
        What is posted to the new address is signed with this secret. Copy it now: it is shown this
        once.
      </p>
      <div className="flex items-center gap-2">
        <code data-secret className="min-w-0 font-mono break-all">
          {secret}
        </code>
        <CopyButton label="Copy the secret" text={secret} />
      </div>
    </section>
  );
}

type FormProps = NotificationsProps & { readonly onSecret: (secret: string) => void };

function NotificationsForm({ company, mayChange, onSecret }: FormProps) {
  const { notifications, id, version } = company;
  const [emails, setEmails] = useState(notifications.emails.join(', '));
  const [webhookUrl, setWebhookUrl] = useState(notifications.webhookUrl ?? '');
  const [chosen, setChosen] = useState<readonly NotificationKind[]>(notifications.kinds);
  const [digestMinutes, setDigestMinutes] = useState(notifications.digestMinutes);
  const [quietHours, setQuietHours] = useState<Quiet | null>(notifications.quietHours);
  const { state, act, isActing } = useAct(
    SetNotificationsDocument,
    ({ setNotifications }) => setNotifications,
  );
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const isOff = !mayChange || isOffline || isActing;
  const save = async () => {
    const done = await act((idempotencyKey) => ({
      input: {
        companyId: id,
        expectedVersion: version,
        emails: addressesIn(emails),
        webhookUrl: webhookUrl.trim() === '' ? null : webhookUrl.trim(),
        kinds: [...chosen],
        digestMinutes,
        quietHours: quietHours && plain(quietHours),
        idempotencyKey,
      },
    }));
    if (typeof done?.webhookSecret === 'string') onSecret(done.webhookSecret);
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset disabled={isOff} className="flex flex-col gap-4">
        <TextField
          label="Mail to"
          value={emails}
          onChange={({ target }) => setEmails(target.value)}
          help="Several addresses with commas between them. Needs a mail server."
        />
        <TextField
          label="Post to"
          type="url"
          value={webhookUrl}
          onChange={({ target }) => setWebhookUrl(target.value)}
          help="An address of your own; signed with the Standard Webhooks scheme. Empty for none."
        />
        <Kinds chosen={chosen} onChoose={setChosen} />
        <TextField
          label="Least minutes between two messages"
          type="number"
          min={0}
          max={1_440}
          required
          value={digestMinutes}
          onChange={({ target }) => setDigestMinutes(Math.trunc(Number(target.value)))}
          help="What happens meanwhile is gathered into one."
        />
        <QuietHoursFields hours={quietHours} onChange={setQuietHours} />
      </fieldset>
      <ActRefusal state={state} />
      <Button type="submit" kind="strong" className="self-start" disabled={isOff}>
        {isActing ? 'Saving…' : 'Save'}
      </Button>
    </form>
  );
}

type KindsProps = {
  readonly chosen: readonly NotificationKind[];
  readonly onChoose: (chosen: readonly NotificationKind[]) => void;
};

function Kinds({ chosen, onChoose }: KindsProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-[0.8125rem] font-medium">Tell about</legend>
      {kinds.map((kind) => (
        <SettingCheck
          key={kind}
          label={notificationKindLabels[kind]}
          checked={chosen.includes(kind)}
          onCheck={(isOn) =>
            onChoose(isOn ? [...chosen, kind] : chosen.filter((one) => one !== kind))
          }
        />
      ))}
    </fieldset>
  );
}
