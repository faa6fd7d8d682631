import type { DriftPartsFragment } from '../graphql/generated/graphql.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { driftKindLabels, driftStatusLabels } from '../work-labels.ts';
import { readable } from '../format/sentence.ts';
import { AppLink } from './app-link.tsx';
import { FieldValueText, MoneyText } from './values.tsx';

/** What a row of the drift list may do. */
export type DriftRowActs = {
  readonly repair: (drift: DriftPartsFragment) => void;
  readonly accept: (drift: DriftPartsFragment) => void;
  readonly toggle: (id: string) => void;
  readonly isSelected: (id: string) => boolean;
  /** Why nothing may be done now; null when it may. */
  readonly whyNot: string | null;
};

type DriftRowProps = { readonly drift: DriftPartsFragment; readonly acts: DriftRowActs };

/** One disagreement: what kind, how much, field by field, and what a repair would do. */
export function DriftRow({ drift, acts }: DriftRowProps) {
  const { id, kind, status, amount, invoice, proposedRepair, acceptedReason, fields } = drift;
  const { label, help } = driftKindLabels[kind];
  const name = invoice?.number ?? fieldNumber(drift) ?? 'No number';
  const standing = driftStatusLabels[status];
  const isOpen = status === 'OPEN';
  return (
    <li
      data-row-id={id}
      data-drift={status}
      className="grid grid-cols-[1.5rem_minmax(0,1fr)_auto] items-start gap-x-2 gap-y-1.5 border-t border-line px-4 py-2.5 transition-colors focus-within:bg-raised/60 hover:bg-raised/60 lg:grid-cols-[1.5rem_minmax(0,12rem)_8rem_minmax(0,1fr)_auto] lg:gap-x-4"
    >
      <label className="flex size-6 items-center justify-center">
        <span className="sr-only">Select {name}</span>
        <input
          type="checkbox"
          aria-keyshortcuts="x"
          checked={acts.isSelected(id)}
          disabled={!isOpen}
          onChange={() => acts.toggle(id)}
          className="size-4 accent-ink"
        />
      </label>
      <div className="min-w-0">
        {invoice === null ? (
          <span data-row tabIndex={0} className="font-medium">
            {name}
          </span>
        ) : (
          <AppLink
            data-row
            href={paths.invoice(invoice.id)}
            className="font-medium underline-offset-4 hover:underline"
          >
            {name}
          </AppLink>
        )}
        <p className="text-[0.8125rem] text-ink-soft" title={help}>
          {label}
        </p>
      </div>
      <div className="text-right font-medium">
        <MoneyText value={amount} />
      </div>
      <div className="col-span-3 min-w-0 pl-8 lg:col-span-1 lg:pl-0">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Chip tone={standing.tone} help={standing.help}>
            {standing.label}
          </Chip>
          <span>{acceptedReason === null ? readable(proposedRepair) : `“${acceptedReason}”`}</span>
        </p>
        {fields.length > 0 && <Differences fields={fields} />}
      </div>
      {isOpen && <RowActions drift={drift} acts={acts} name={name} />}
    </li>
  );
}

type RowActionsProps = DriftRowProps & { readonly name: string };

function RowActions({ drift, acts, name }: RowActionsProps) {
  const common = { disabled: acts.whyNot !== null, title: acts.whyNot ?? undefined };
  return (
    <div className="col-span-3 flex gap-1 pl-8 lg:col-span-1 lg:pl-0">
      <Button
        {...common}
        aria-keyshortcuts="r"
        aria-label={`Repair ${name}…`}
        onClick={() => acts.repair(drift)}
      >
        Repair…
      </Button>
      <Button
        {...common}
        kind="quiet"
        aria-keyshortcuts="a"
        aria-label={`Accept ${name}…`}
        onClick={() => acts.accept(drift)}
      >
        Accept…
      </Button>
    </div>
  );
}

/** Of what is not linked yet, the number stands among its fields. */
const fieldNumber = ({ fields }: DriftPartsFragment): string | undefined => {
  const field = fields.find(({ path }) => path === 'number');
  return field?.internal?.display ?? field?.quickbooks?.display;
};

function Differences({ fields }: { readonly fields: DriftPartsFragment['fields'] }) {
  return (
    <details className="mt-1">
      <summary className="text-[0.8125rem] text-ink-soft underline underline-offset-4">
        {fields.length === 1 ? '1 field differs' : `${fields.length} fields differ`}
      </summary>
      <table className="mt-1.5 w-full text-[0.8125rem]">
        <thead className="text-left text-xs">
          <tr>
            <th scope="col" className="py-1 pr-3 font-normal text-ink-soft">
              Field
            </th>
            <th scope="col" className="py-1 pr-3 font-medium text-internal">
              Internal
            </th>
            <th scope="col" className="py-1 pr-3 font-normal text-ink-soft">
              Last agreed
            </th>
            <th scope="col" className="py-1 font-medium text-quickbooks">
              QuickBooks
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.path} className="border-t border-line align-top">
              <th scope="row" className="py-1 pr-3 text-left font-normal">
                {field.label}
              </th>
              <td className="py-1 pr-3">
                <FieldValueText value={field.internal} />
              </td>
              <td className="py-1 pr-3 text-ink-soft">
                <FieldValueText value={field.base} />
              </td>
              <td className="py-1">
                <FieldValueText value={field.quickbooks} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
