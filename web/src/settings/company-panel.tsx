import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { ActionButton } from '../components/action-button.tsx';
import { UnpairedMethods } from '../components/missing-references.tsx';
import { PanelGraphql } from '../components/panel-graphql.tsx';
import { QueryView } from '../components/query-view.tsx';
import { createRequestKeys } from '../conflicts/request-key.ts';
import {
  CompanyChoicesDocument,
  SetNotificationsDocument,
  SetUndoWindowDocument,
} from '../graphql/generated/graphql.ts';
import type {
  CompanyChoicesFragment,
  NotificationKind,
  SetNotificationsInput,
} from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { CheckField, TextField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { refusalWords } from './answer.ts';

const kindWords: Record<NotificationKind, string> = {
  CONFLICT: 'A conflict was opened',
  DEAD_LETTER: 'A change stopped for good',
  DRIFT: 'A reconcile found what waits for a person',
  ACCESS: 'QuickBooks access lapsed, or will soon',
};

const kinds = ['CONFLICT', 'DEAD_LETTER', 'DRIFT', 'ACCESS'] as const;

const asked = { query: CompanyChoicesDocument, variables: {} };

/** For each company: how long a decision can be taken back, and who is told about what. */
export function CompanyPanel() {
  const result = useLiveQuery({
    ...asked,
    refetchOn: ({ type }) => type === 'COMPANY_CHANGED',
  });
  return (
    <Panel title="Undo and notifications, by company" actions={<PanelGraphql {...asked} />}>
      <QueryView result={result} what="The companies’ settings">
        {({ companies }) => (
          <div className="divide-y divide-line">
            {companies.nodes.map((company) => (
              <section key={company.id} aria-label={company.name} className="py-4 first:pt-0">
                <h3 className="mb-3 font-medium">{company.name}</h3>
                <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
                  <UndoWindow key={`undo ${company.version}`} company={company} />
                  <Notifications key={`tell ${company.version}`} company={company} />
                </div>
                <UnpairedMethods companyId={company.id} />
              </section>
            ))}
          </div>
        )}
      </QueryView>
    </Panel>
  );
}

type CompanyProps = { readonly company: CompanyChoicesFragment };

function UndoWindow({ company }: CompanyProps) {
  const [seconds, setSeconds] = useState(String(company.settings.undoWindowSeconds));
  const [problem, setProblem] = useState<string | null>(null);
  const [, execute] = useMutation(SetUndoWindowDocument);
  const keys = useRef(createRequestKeys());
  const save = async () => {
    const wanted = {
      companyId: company.id,
      expectedVersion: company.version,
      undoWindowSeconds: Number(seconds),
    };
    const { data, error } = await execute({
      input: { ...wanted, idempotencyKey: keys.current(wanted) },
    });
    const answer = data?.updateCompanySettings;
    if (answer?.__typename === 'UpdateCompanySettingsSuccess')
      return `Decisions at ${company.name} can be taken back for ${seconds} seconds from now on.`;
    setProblem(refusalWords(error, answer));
    return null;
  };
  return (
    <div className="flex flex-col items-start gap-2">
      <TextField
        label="Undo window, in seconds"
        type="number"
        min={0}
        max={120}
        step={1}
        value={seconds}
        aria-invalid={problem !== null}
        onChange={({ target }) => setSeconds(target.value)}
        help="Nothing decided here leaves LedgerBridge before it ends. 0 to 120."
        className="w-full max-w-64"
      />
      <ActionButton
        needs="ADMIN"
        act={save}
        whyNot={
          Number(seconds) === company.settings.undoWindowSeconds ? 'Nothing was changed yet.' : null
        }
      >
        Save the window
      </ActionButton>
      <p role="alert" className="text-you empty:hidden">
        {problem}
      </p>
    </div>
  );
}

const addressesOf = (text: string) =>
  text
    .split(/[\s,;]+/)
    .map((address) => address.trim())
    .filter((address) => address !== '');

function Notifications({ company }: CompanyProps) {
  const { notifications } = company;
  const [emails, setEmails] = useState(notifications.emails.join(', '));
  const [url, setUrl] = useState(notifications.webhookUrl ?? '');
  const [chosen, setChosen] = useState<readonly NotificationKind[]>(notifications.kinds);
  const [minutes, setMinutes] = useState(String(notifications.digestMinutes));
  const [problem, setProblem] = useState<string | null>(null);
  const set = useSetNotifications();
  const save = async () => {
    const refused = await set({
      companyId: company.id,
      expectedVersion: company.version,
      emails: addressesOf(emails),
      webhookUrl: url.trim() === '' ? null : url.trim(),
      kinds: [...chosen],
      digestMinutes: Number(minutes),
    });
    setProblem(refused);
    return refused === null ? `The notifications of ${company.name} were saved.` : null;
  };
  return (
    <div className="flex flex-col items-start gap-3">
      <KindChoice chosen={chosen} onChange={setChosen} />
      <div className="grid w-full gap-3 sm:grid-cols-[2fr_2fr_1fr]">
        <TextField
          label="By mail to"
          value={emails}
          placeholder="dana@example.com, ap@example.com"
          onChange={({ target }) => setEmails(target.value)}
        />
        <TextField
          label="By POST to"
          type="url"
          value={url}
          placeholder="https://…"
          onChange={({ target }) => setUrl(target.value)}
          help="Signed as Standard Webhooks ask."
        />
        <TextField
          label="At most every, minutes"
          type="number"
          min={0}
          max={1440}
          value={minutes}
          onChange={({ target }) => setMinutes(target.value)}
        />
      </div>
      <ActionButton needs="ADMIN" act={save}>
        Save the notifications
      </ActionButton>
      <p role="alert" className="text-you empty:hidden">
        {problem}
      </p>
    </div>
  );
}

/** Saves them; answers why not, or null. */
function useSetNotifications() {
  const [, execute] = useMutation(SetNotificationsDocument);
  const keys = useRef(createRequestKeys());
  return async (wanted: Omit<SetNotificationsInput, 'idempotencyKey'>) => {
    const { data, error } = await execute({
      input: { ...wanted, idempotencyKey: keys.current(wanted) },
    });
    const answer = data?.setNotifications;
    return answer?.__typename === 'SetNotificationsSuccess' ? null : refusalWords(error, answer);
  };
}

type KindChoiceProps = {
  readonly chosen: readonly NotificationKind[];
  readonly onChange: (chosen: readonly NotificationKind[]) => void;
};

function KindChoice({ chosen, onChange }: KindChoiceProps) {
  return (
    <fieldset>
      <legend className="mb-1 text-[0.8125rem] font-medium">Tell people when</legend>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {kinds.map((kind) => (
          <CheckField
            key={kind}
            label={kindWords[kind]}
            checked={chosen.includes(kind)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, kind] : chosen.filter((one) => one !== kind))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
