import { useState } from 'react';
import { SetNotificationsDocument } from '../graphql/generated/graphql.ts';
import type { CompanyPartsFragment, NotificationKind } from '../graphql/generated/graphql.ts';
import { useAct } from '../graphql/use-act.ts';
import { notificationKindLabels } from '../state-labels.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { SettingCheck } from '../ui/choice-field.tsx';
import { TextField } from '../ui/field.tsx';
import { ActRefusal } from './act-refusal.tsx';

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

/** Who hears of what by itself, and how often at most. Mount it under the company's version. */
export function CompanyNotifications({ company, mayChange }: NotificationsProps) {
  const { notifications, id, version } = company;
  const [emails, setEmails] = useState(notifications.emails.join(', '));
  const [webhookUrl, setWebhookUrl] = useState(notifications.webhookUrl ?? '');
  const [chosen, setChosen] = useState<readonly NotificationKind[]>(notifications.kinds);
  const [digestMinutes, setDigestMinutes] = useState(notifications.digestMinutes);
  const { state, act, isActing } = useAct(
    SetNotificationsDocument,
    ({ setNotifications }) => setNotifications,
  );
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const isOff = !mayChange || isOffline || isActing;
  const save = () =>
    void act((idempotencyKey) => ({
      input: {
        companyId: id,
        expectedVersion: version,
        emails: addressesIn(emails),
        webhookUrl: webhookUrl.trim() === '' ? null : webhookUrl.trim(),
        kinds: [...chosen],
        digestMinutes,
        idempotencyKey,
      },
    }));
  return (
    <form
      className="flex max-w-xl flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save();
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
