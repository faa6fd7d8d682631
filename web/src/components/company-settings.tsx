import { useState } from 'react';
import { UpdateCompanySettingsDocument } from '../graphql/generated/graphql.ts';
import type { CompanyPartsFragment } from '../graphql/generated/graphql.ts';
import { readTypedDecimal } from '../format/decimal.ts';
import { useAct } from '../graphql/use-act.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { SettingCheck } from '../ui/choice-field.tsx';
import { TextField } from '../ui/field.tsx';
import { ActRefusal } from './act-refusal.tsx';

type Settings = CompanyPartsFragment['settings'];

type FormProps = {
  readonly company: CompanyPartsFragment;
  readonly mayChange: boolean;
  /** Words of the button. */
  readonly words?: string;
  readonly onSaved?: () => void;
};

/** Saves all of a company's settings as they stand in the form. */
function useSave({ company, onSaved }: FormProps) {
  const { state, act, isActing } = useAct(
    UpdateCompanySettingsDocument,
    ({ updateCompanySettings }) => updateCompanySettings,
  );
  const [isSaved, setSaved] = useState(false);
  const save = async (settings: Settings) => {
    setSaved(false);
    const tolerance = readTypedDecimal(settings.taxVarianceTolerance);
    const done = await act((idempotencyKey) => ({
      input: {
        ...settings,
        taxVarianceTolerance: tolerance ?? settings.taxVarianceTolerance,
        companyId: company.id,
        expectedVersion: company.version,
        idempotencyKey,
      },
    }));
    if (done === null) return;
    setSaved(true);
    onSaved?.();
  };
  return { state, isActing, isSaved, save };
}

/** Mount it under the company's version: it then starts anew from what is kept. */
export function CompanySettingsForm(props: FormProps) {
  const { company, mayChange, words = 'Save' } = props;
  const [settings, setSettings] = useState<Settings>(() => plain(company.settings));
  const { state, isActing, isSaved, save } = useSave(props);
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const isOff = !mayChange || isOffline || isActing;
  const set = (more: Partial<Settings>) => setSettings({ ...settings, ...more });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isOff) void save(settings);
      }}
    >
      <fieldset disabled={isOff} className="flex flex-col gap-4">
        <StartFields settings={settings} onSet={set} />
        <TextField
          label="Seconds a decision can be taken back"
          type="number"
          min={0}
          max={120}
          required
          value={settings.undoWindowSeconds}
          onChange={({ target }) => set({ undoWindowSeconds: Math.trunc(Number(target.value)) })}
          help="0 to 120. A decision waits that long before it leaves the bridge."
        />
        <TextField
          label="Tax rounding per invoice"
          inputMode="decimal"
          required
          pattern="[0-9]+([.][0-9]+)?"
          value={settings.taxVarianceTolerance}
          onChange={({ target }) => set({ taxVarianceTolerance: target.value })}
          help="Totals may differ by this much where each side computes tax by itself; more is a question."
        />
        <SettingCheck
          label="Mark documents the bridge makes"
          help="A line in the private note, which settles what became of a write whose answer was lost. Best left on."
          checked={settings.markDocuments}
          onCheck={(markDocuments) => set({ markDocuments })}
        />
      </fieldset>
      <ActRefusal state={state} />
      <p className="flex items-center gap-3">
        <Button type="submit" kind="strong" disabled={isOff}>
          {isActing ? 'Saving…' : words}
        </Button>
        <span role="status">{isSaved && 'Saved.'}</span>
      </p>
    </form>
  );
}

/** Without what the cache adds: an input takes no `__typename`. */
const plain = ({
  createMissingReferences,
  importFromQuickbooks,
  goLiveDate,
  taxVarianceTolerance,
  undoWindowSeconds,
  markDocuments,
  incomeAccountId,
}: Settings): Settings => ({
  createMissingReferences,
  importFromQuickbooks,
  goLiveDate,
  taxVarianceTolerance,
  undoWindowSeconds,
  markDocuments,
  incomeAccountId,
});

type StartFieldsProps = {
  readonly settings: Settings;
  readonly onSet: (more: Partial<Settings>) => void;
};

/** What decides which documents take part at all. */
function StartFields({ settings, onSet }: StartFieldsProps) {
  return (
    <>
      <TextField
        label="Go-live date"
        type="date"
        value={settings.goLiveDate ?? ''}
        onChange={({ target }) => onSet({ goLiveDate: target.value === '' ? null : target.value })}
        help="Invoices dated before this day are left alone on both sides. Empty: every invoice takes part."
      />
      <SettingCheck
        label="Bring in invoices made in QuickBooks"
        help="Otherwise they stay in QuickBooks alone and are shown as unlinked."
        checked={settings.importFromQuickbooks}
        onCheck={(importFromQuickbooks) => onSet({ importFromQuickbooks })}
      />
      <SettingCheck
        label="Make customers, items and terms that are missing"
        help="Otherwise an invoice waits until a person maps what it names."
        checked={settings.createMissingReferences}
        onCheck={(createMissingReferences) => onSet({ createMissingReferences })}
      />
      <TextField
        label="QuickBooks income account for new items"
        value={settings.incomeAccountId ?? ''}
        onChange={({ target }) =>
          onSet({ incomeAccountId: target.value === '' ? null : target.value })
        }
        help="Its id in QuickBooks. Without one, new items wait."
      />
    </>
  );
}
