import { useId } from 'react';
import type { ReactNode } from 'react';

type SettingCheckProps = {
  readonly label: string;
  readonly help?: ReactNode;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onCheck: (isChecked: boolean) => void;
};

/** A yes or no with a sentence on what it means. */
export function SettingCheck({ label, help, checked, disabled, onCheck }: SettingCheckProps) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={({ target }) => onCheck(target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-ink"
      />
      <span className="text-[0.8125rem]">
        <span className="font-medium">{label}</span>
        <span className="block text-ink-soft empty:hidden">{help}</span>
      </span>
    </label>
  );
}

type RadioFieldsProps<Value extends string> = {
  readonly legend: string;
  readonly value: Value;
  readonly options: readonly {
    readonly value: Value;
    readonly label: string;
    readonly help?: string;
  }[];
  readonly disabled?: boolean;
  readonly onChoose: (value: Value) => void;
};

/** One of a few, each with a sentence. */
export function RadioFields<Value extends string>(props: RadioFieldsProps<Value>) {
  const { legend, value, options, disabled, onChoose } = props;
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="flex items-start gap-2">
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            disabled={disabled}
            onChange={() => onChoose(option.value)}
            className="mt-0.5 size-4 shrink-0 accent-ink"
          />
          <span>
            {option.label}
            {option.help && (
              <span className="block text-[0.8125rem] text-ink-soft">{option.help}</span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
