import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { ActionButton } from '../components/action-button.tsx';
import { useCompanies } from '../components/company-switch.tsx';
import { createRequestKeys } from '../conflicts/request-key.ts';
import { CreateApiClientDocument } from '../graphql/generated/graphql.ts';
import type { CreateApiClientInput, Scope } from '../graphql/generated/graphql.ts';
import { CheckField, SelectField, TextField } from '../ui/field.tsx';
import type { MadeKey } from './api-keys-panel.tsx';
import { refusalWords } from './answer.ts';

/** Each right holds the ones before it. */
const rights = [
  { words: 'Read', scopes: ['READ'] },
  { words: 'Read and operate: settle, replay, pause, reconcile', scopes: ['READ', 'OPERATE'] },
  { words: 'Administer: also companies, rules and keys', scopes: ['READ', 'OPERATE', 'ADMIN'] },
] as const satisfies readonly { words: string; scopes: readonly Scope[] }[];

/** Makes a key for a person or a program. */
export function NewKeyForm({ onMade }: { readonly onMade: (made: MadeKey) => void }) {
  const [name, setName] = useState('');
  const [right, setRight] = useState(0);
  const [companyIds, setCompanyIds] = useState<readonly string[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const create = useCreate();
  const make = async () => {
    const made = await create({
      displayName: name.trim(),
      scopes: [...(rights[right]?.scopes ?? ['READ' as const])],
      ...(companyIds === null ? {} : { companyIds: [...companyIds] }),
    });
    if (typeof made === 'string') {
      setProblem(made);
      return null;
    }
    setProblem(null);
    setName('');
    onMade(made);
    return `The key of ${made.name} was made. Copy it now.`;
  };
  return (
    <form
      aria-label="New key"
      className="grid items-start gap-3 rounded-md bg-raised p-3 sm:grid-cols-2 xl:grid-cols-[1fr_1.4fr_1fr_auto]"
      onSubmit={(event) => event.preventDefault()}
    >
      <TextField
        label="Who is it for"
        placeholder="Dana, or “Month-end export”"
        value={name}
        maxLength={120}
        onChange={({ target }) => setName(target.value)}
      />
      <SelectField
        label="May"
        value={right}
        onChange={({ target }) => setRight(Number(target.value))}
      >
        {rights.map(({ words }, index) => (
          <option key={words} value={index}>
            {words}
          </option>
        ))}
      </SelectField>
      <CompanyChoice chosen={companyIds} onChange={setCompanyIds} />
      <ActionButton
        needs="ADMIN"
        kind="strong"
        act={make}
        whyNot={name.trim() === '' ? 'Say first who the key is for.' : null}
        className="h-9 xl:mt-6"
      >
        Make a key
      </ActionButton>
      <p role="alert" className="text-you empty:hidden sm:col-span-full">
        {problem}
      </p>
    </form>
  );
}

type Wanted = Omit<CreateApiClientInput, 'idempotencyKey'>;

/** Makes the key; answers with it, or why there is none. */
function useCreate(): (wanted: Wanted) => Promise<MadeKey | string> {
  const [, execute] = useMutation(CreateApiClientDocument);
  const keys = useRef(createRequestKeys());
  return async (wanted) => {
    const { data, error } = await execute({
      input: { ...wanted, idempotencyKey: keys.current(wanted) },
    });
    const answer = data?.createApiClient;
    if (answer?.__typename !== 'CreateApiClientSuccess') return refusalWords(error, answer);
    const { apiClient, secret } = answer;
    if (secret === null)
      return 'It was made before, and its key is shown once only. Revoke it and make another.';
    return { name: apiClient.displayName, secret };
  };
}

type CompanyChoiceProps = {
  /** Null for all. */
  readonly chosen: readonly string[] | null;
  readonly onChange: (chosen: readonly string[] | null) => void;
};

function CompanyChoice({ chosen, onChange }: CompanyChoiceProps) {
  const companies = useCompanies().data?.companies.nodes ?? [];
  const toggle = (id: string) => {
    const before = chosen ?? [];
    onChange(before.includes(id) ? before.filter((one) => one !== id) : [...before, id]);
  };
  return (
    <fieldset>
      <legend className="mb-1 text-[0.8125rem] font-medium">Companies</legend>
      <CheckField
        label="All, also later ones"
        checked={chosen === null}
        onChange={({ target }) => onChange(target.checked ? null : [])}
      />
      {chosen !== null &&
        companies.map(({ id, name }) => (
          <CheckField
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChange={() => toggle(id)}
          />
        ))}
    </fieldset>
  );
}
