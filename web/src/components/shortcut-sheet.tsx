import { Dialog } from '../ui/dialog.tsx';
import { areKeysOn, boundKeys } from '../ui/keys.ts';
import { keyLabel, shownKeyOf } from '../ui/key-map.ts';
import { paths } from '../paths.ts';
import { AppLink } from './app-link.tsx';
import { usePlaceGroups } from './use-places.ts';

type ShortcutSheetProps = { readonly isOpen: boolean; readonly onClose: () => void };

/** The keys that do something on this page, right now. */
export function ShortcutSheet({ isOpen, onClose }: ShortcutSheetProps) {
  return (
    <Dialog title="Keys" isOpen={isOpen} onClose={onClose}>
      <SheetContent />
    </Dialog>
  );
}

function SheetContent() {
  const places = usePlaceGroups()
    .flat()
    .flatMap(({ key, label }) =>
      key === undefined ? [] : [{ shown: keyLabel(shownKeyOf(`g ${key}`)), does: label }],
    );
  const here = boundKeys()
    .filter(({ name }) => !name.startsWith('g '))
    .map(({ shown, does }) => ({ shown: keyLabel(shown), does }));
  return (
    <>
      {!areKeysOn() && (
        <p className="mb-4 rounded-md bg-us-soft p-2 text-us">
          Single keys are switched off on this device. ⌘K and Ctrl K always work.
        </p>
      )}
      <div className="grid gap-6 sm:grid-cols-2">
        <KeyList
          title="On this page"
          keys={[{ shown: '⌘ or Ctrl K', does: 'Search or jump' }, ...here]}
        />
        <KeyList title="Go to" keys={places} />
      </div>
      <p className="mt-5 border-t border-line pt-4 text-ink-soft">
        Keys can be switched off or chosen anew under{' '}
        <AppLink href={paths.settings()} className="underline underline-offset-4">
          Settings
        </AppLink>
        .
      </p>
    </>
  );
}

type KeyListProps = {
  readonly title: string;
  readonly keys: readonly { readonly shown: string; readonly does: string }[];
};

function KeyList({ title, keys }: KeyListProps) {
  return (
    <section>
      <h3 className="mb-2 text-xs font-semibold text-ink-soft">{title}</h3>
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-1.5">
        {keys.map(({ shown, does }) => (
          <div key={shown} className="contents">
            <dt>
              <kbd className="rounded border border-line bg-raised px-1.5 py-0.5 font-mono text-xs whitespace-nowrap">
                {shown}
              </kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
