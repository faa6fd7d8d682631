import type { ComponentProps } from 'react';

const look = {
  plain: 'border-line-strong/60 bg-surface text-ink hover:bg-raised',
  quiet: 'border-transparent text-ink-soft hover:bg-raised hover:text-ink',
  strong: 'border-ink bg-ink text-paper hover:opacity-90',
};

const base =
  'inline-flex h-8 items-center rounded-md border text-[0.8125rem] font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-60';

type ButtonProps = ComponentProps<'button'> & { readonly kind?: keyof typeof look };

/** A button at least 32 px high (WCAG 2.5.8 asks for 24). */
export function Button({ kind = 'plain', className = '', type = 'button', ...rest }: ButtonProps) {
  return (
    <button type={type} className={`${base} gap-1.5 px-2.5 ${look[kind]} ${className}`} {...rest} />
  );
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label' | 'className'> & {
  readonly label: string;
};

/** A button with an icon for a face and words for everyone else. */
export function IconButton({ label, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={`${base} w-8 justify-center ${look.quiet}`}
      {...rest}
    />
  );
}
