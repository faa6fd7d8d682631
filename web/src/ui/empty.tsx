import type { ReactNode } from 'react';
import { BridgeMark } from './bridge-mark.tsx';

type EmptyProps = { readonly title: string; readonly children?: ReactNode };

/** Nothing here, why, and what will appear or can be done. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-1 px-4 py-10 text-center">
      <BridgeMark className="mb-2 size-10 opacity-70" />
      <p className="font-medium">{title}</p>
      <div className="max-w-prose text-ink-soft">{children}</div>
    </div>
  );
}
