import { useId } from 'react';
import type { ComponentProps, ReactNode } from 'react';

const look =
  'h-9 w-full min-w-0 rounded-md border border-line-strong/60 bg-surface px-2.5 text-ink placeholder:text-ink-soft aria-invalid:border-you disabled:opacity-60';

type LabelledProps = {
  readonly label: string;
  /** One sentence below the field. */
  readonly help?: ReactNode;
  readonly className?: string;
};

/** A line of text with its name above it. */
export function TextField({
  label,
  help,
  className = '',
  ...rest
}: LabelledProps & Omit<ComponentProps<'input'>, 'id' | 'className'>) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-[0.8125rem] font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-describedby={help ? `${id}-help` : undefined}
        className={look}
        {...rest}
      />
      {help && (
        <p id={`${id}-help`} className="mt-1 text-xs text-ink-soft">
          {help}
        </p>
      )}
    </div>
  );
}

/** A choice of few, by the browser's own means. */
export function SelectField({
  label,
  help,
  className = '',
  children,
  ...rest
}: LabelledProps & Omit<ComponentProps<'select'>, 'id' | 'className'>) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-[0.8125rem] font-medium">
        {label}
      </label>
      <select id={id} aria-describedby={help ? `${id}-help` : undefined} className={look} {...rest}>
        {children}
      </select>
      {help && (
        <p id={`${id}-help`} className="mt-1 text-xs text-ink-soft">
          {help}
        </p>
      )}
    </div>
  );
}

/** A yes or no with its words beside it. */
export function CheckField({
  label,
  ...rest
}: { readonly label: ReactNode } & Omit<ComponentProps<'input'>, 'type' | 'className'>) {
  return (
    <label className="flex min-h-8 items-center gap-2">
      <input type="checkbox" className="size-4 shrink-0 accent-ink" {...rest} />
      <span>{label}</span>
    </label>
  );
}
