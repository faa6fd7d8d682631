import { X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';

type DialogProps = {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** In the middle; at the bottom edge, in reach of the thumb; or at the top, with room to grow. */
  readonly place?: keyof typeof places;
  readonly children: ReactNode;
};

const places = {
  middle: 'm-auto w-[min(34rem,calc(100vw-2rem))] rounded-xl border',
  top: 'mx-auto mt-[8dvh] mb-auto w-[min(38rem,calc(100vw-1rem))] rounded-xl border',
  bottom: 'mx-auto mt-auto mb-0 w-full max-w-full rounded-t-xl border-t',
};

/** Where typing begins; where nothing is to be typed, the browser decides. */
const firstField = '[data-first-focus], input:not([type=checkbox]), textarea';

/** The browser's own modal dialog: focus, Escape and the inert page behind it come with it. */
export function Dialog({ title, isOpen, onClose, place = 'middle', children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (!isOpen) return dialog?.close();
    dialog?.showModal();
    // The browser would begin at the button that closes it, and what is typed would be lost.
    return dialog?.querySelector<HTMLElement>(firstField)?.focus();
  }, [isOpen]);

  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      className={`border-line bg-surface p-5 text-ink shadow-xl ${places[place]}`}
    >
      <div className="mb-3 flex items-center justify-between">
        <h2 id={titleId} className="text-base font-semibold">
          {title}
        </h2>
        <IconButton label="Close" onClick={onClose}>
          <X aria-hidden="true" className="size-4" />
        </IconButton>
      </div>
      {isOpen && children}
    </dialog>
  );
}
