import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import {
  addressParts,
  editorOf,
  isComputed,
  startPart,
  startText,
  typedAddress,
  typedDate,
  typedDiscount,
  typedFlag,
  typedNumber,
  typedReference,
  typedText,
} from '../conflicts/own-values.ts';
import type { DisputedField, FieldGroup, OwnValues, TypedValue } from '../conflicts/choices.ts';
import { PairedReferencesDocument } from '../graphql/generated/graphql.ts';
import type { ReferenceKind } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { QueryView } from './query-view.tsx';
import { FieldValueText } from './values.tsx';

const inputLook =
  'block min-h-8 w-full rounded-md border border-line-strong/60 bg-surface px-2.5 py-1 text-ink';

type OwnValueProps = {
  readonly group: FieldGroup;
  readonly values: OwnValues;
  readonly companyId: string;
  readonly currency: string | null;
  readonly isDisabled: boolean;
  readonly onType: (path: string, value: TypedValue) => void;
};

/** Fields to type, each as its kind asks for; what QuickBooks would not take is said by the preview at once. */
export function OwnValueFields(props: OwnValueProps) {
  const { group, values, onType, ...rest } = props;
  return (
    <div className="flex w-full max-w-xl flex-wrap gap-x-4 gap-y-2">
      {[group.lead, ...group.followers].map((field) => (
        <div key={field.path} className="min-w-40 flex-1">
          {isComputed(field, group) ? (
            <p>
              <span className="block text-xs text-ink-soft">{field.label}, as computed</span>
              <output className="block py-1">
                <FieldValueText value={values.get(field.path)?.shown ?? null} />
              </output>
            </p>
          ) : (
            <OwnValueField {...rest} field={field} onType={(value) => onType(field.path, value)} />
          )}
        </div>
      ))}
    </div>
  );
}

type FieldProps = Pick<OwnValueProps, 'companyId' | 'currency' | 'isDisabled'> & {
  readonly field: DisputedField;
  readonly onType: (value: TypedValue) => void;
};

function OwnValueField({ field, companyId, currency, isDisabled, onType }: FieldProps) {
  const editor = editorOf(field, currency);
  const common = { field, isDisabled, onType };
  switch (editor.kind) {
    case 'date':
      return (
        <PlainInput {...common} type="date" read={(text) => typedDate(text, editor.mayBeEmpty)} />
      );
    case 'number':
      return (
        <PlainInput
          {...common}
          hint={editor.currency}
          read={(text) => typedNumber(text, editor.currency)}
        />
      );
    case 'text':
      return <TextInput {...common} isLong={editor.isLong} />;
    case 'yes-or-no':
      return (
        <Labelled label={field.label}>
          <select
            disabled={isDisabled}
            defaultValue={field.internal?.json === true ? 'yes' : 'no'}
            onChange={(event) => onType(typedFlag(event.target.value === 'yes'))}
            className={inputLook}
          >
            <option value="yes">Yes</option>
            <option value="no">No</option>
          </select>
        </Labelled>
      );
    case 'reference':
      return (
        <ReferencePicker
          {...common}
          companyId={companyId}
          kind={editor.of}
          mayBeEmpty={editor.mayBeEmpty}
        />
      );
    case 'address':
      return <AddressInput {...common} />;
    case 'discount':
      return <DiscountInput {...common} currency={editor.currency} />;
    default:
      return editor satisfies never;
  }
}

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <label className="block text-xs text-ink-soft">
      {label}
      <span className="mt-0.5 block text-sm">{children}</span>
    </label>
  );
}

type InputProps = {
  readonly field: DisputedField;
  readonly isDisabled: boolean;
  readonly onType: (value: TypedValue) => void;
};

type PlainInputProps = InputProps & {
  readonly read: (text: string) => TypedValue;
  readonly type?: 'date' | 'text';
  readonly hint?: string | null;
};

function PlainInput({ field, isDisabled, onType, read, type = 'text', hint }: PlainInputProps) {
  const [text, setText] = useState(() => startText(field));
  const problemId = useId();
  const isWrong = read(text).json === undefined;
  return (
    <>
      <Labelled label={hint ? `${field.label}, ${hint}` : field.label}>
        <input
          type={type}
          inputMode={type === 'text' ? 'decimal' : undefined}
          value={text}
          disabled={isDisabled}
          aria-invalid={isWrong}
          aria-describedby={problemId}
          onChange={(event) => {
            setText(event.target.value);
            onType(read(event.target.value));
          }}
          className={`${inputLook} ${type === 'text' ? 'tabular-nums' : ''}`}
        />
      </Labelled>
      <p id={problemId} className="text-xs text-you empty:hidden">
        {isWrong && (type === 'date' ? 'Pick a day.' : 'Type a number, for example 12.50.')}
      </p>
    </>
  );
}

function TextInput({ field, isDisabled, onType, isLong }: InputProps & { isLong: boolean }) {
  const [text, setText] = useState(() => startText(field));
  const look = {
    value: text,
    disabled: isDisabled,
    className: inputLook,
    onChange: ({ target }: { readonly target: { readonly value: string } }) => {
      setText(target.value);
      onType(typedText(target.value));
    },
  };
  return (
    <>
      <Labelled label={field.label}>
        {isLong ? <textarea rows={3} {...look} /> : <input {...look} />}
      </Labelled>
      <p className="text-xs text-ink-soft">
        {text === ''
          ? 'Empty clears the field on both sides.'
          : `${formatCount(text.length)} characters`}
      </p>
    </>
  );
}

type ReferencePickerProps = InputProps & {
  readonly companyId: string;
  readonly kind: ReferenceKind;
  readonly mayBeEmpty: boolean;
};

/** Only records that both sides know can be picked, since both must hold the result. */
function ReferencePicker(props: ReferencePickerProps) {
  const { field, companyId, kind, mayBeEmpty, isDisabled, onType } = props;
  const result = useLiveQuery({
    query: PairedReferencesDocument,
    variables: { companyId, referenceKinds: [kind] },
    refetchOn: ({ type }) => type === 'REFERENCE_CHANGED',
  });
  return (
    <QueryView result={result} what={`The choices for ${field.label}`}>
      {({ references: { nodes, totalCount } }) => (
        <>
          <Labelled label={field.label}>
            <select
              disabled={isDisabled}
              defaultValue=""
              className={inputLook}
              onChange={({ target }) => {
                const found = nodes.find(({ id }) => id === target.value);
                const name = found?.internalName ?? found?.quickbooksName ?? '';
                onType(typedReference(found ? { id: found.id, name } : null, mayBeEmpty));
              }}
            >
              <option value="">{mayBeEmpty ? 'none' : 'pick one…'}</option>
              {nodes.map(({ id, internalName, quickbooksName }) => (
                <option key={id} value={id}>
                  {internalName ?? quickbooksName}
                </option>
              ))}
            </select>
          </Labelled>
          {totalCount > nodes.length && (
            <p className="text-xs text-ink-soft">
              The first {formatCount(nodes.length)} of {formatCount(totalCount)} by name.
            </p>
          )}
        </>
      )}
    </QueryView>
  );
}

function AddressInput({ field, isDisabled, onType }: InputProps) {
  const [parts, setParts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(addressParts.map(([part]) => [part, startPart(field, part)])),
  );
  return (
    <div className="grid gap-2 sm:grid-cols-2">
      {addressParts.map(([part, label]) => (
        <Labelled key={part} label={label}>
          <input
            value={parts[part] ?? ''}
            disabled={isDisabled}
            className={inputLook}
            onChange={({ target }) => {
              const next = { ...parts, [part]: target.value };
              setParts(next);
              onType(typedAddress(next));
            }}
          />
        </Labelled>
      ))}
    </div>
  );
}

function DiscountInput({
  field,
  isDisabled,
  onType,
  currency,
}: InputProps & { readonly currency: string | null }) {
  const start = startPart(field, 'percent');
  const [kind, setKind] = useState<'percent' | 'amount'>(start === '' ? 'amount' : 'percent');
  const [text, setText] = useState(start === '' ? startPart(field, 'amount') : start);
  const type = (as: 'percent' | 'amount', value: string) => {
    setKind(as);
    setText(value);
    onType(typedDiscount(as, value, currency));
  };
  return (
    <div className="grid grid-cols-2 gap-2">
      <Labelled label={`${field.label} as`}>
        <select
          value={kind}
          disabled={isDisabled}
          onChange={({ target }) => type(target.value === 'percent' ? 'percent' : 'amount', text)}
          className={inputLook}
        >
          <option value="percent">a share, in %</option>
          <option value="amount">an amount{currency === null ? '' : `, in ${currency}`}</option>
        </select>
      </Labelled>
      <Labelled label="How much (empty for none)">
        <input
          inputMode="decimal"
          value={text}
          disabled={isDisabled}
          onChange={({ target }) => type(kind, target.value)}
          className={`${inputLook} tabular-nums`}
        />
      </Labelled>
    </div>
  );
}
