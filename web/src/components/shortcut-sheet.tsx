import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { areKeysOn, setKeysOn } from '../ui/keys.ts';
import { usePlaceGroups } from './use-places.ts';

/** What the keys do, as shown; the bindings themselves stand where they act. */
const shortcuts = [
  ['/', 'Filter'],
  ['J and K', 'Next and previous conflict'],
  ['1, 0, 2', 'Take internal, last agreed, QuickBooks for the field'],
  ['Shift 1, Shift 2', 'Take all of internal, all of QuickBooks'],
  ['S', 'Take what is suggested'],
  ['⌘ or Ctrl ↵', 'Settle the conflict'],
  ['Z', 'Take the last decision back'],
  ['Space', 'Pause or resume everything that moves'],
  ['[ and ]', 'Step through a crossing'],
  ['T', 'Chart or table'],
  ['?', 'This sheet'],
] as const;

type ShortcutSheetProps = { readonly isOpen: boolean; readonly onClose: () => void };

/** The keys of this page, and the switch that turns them off. */
export function ShortcutSheet({ isOpen, onClose }: ShortcutSheetProps) {
  const places = usePlaceGroups()
    .flat()
    .flatMap(({ key, label }) =>
      key === undefined ? [] : [[`G then ${key.toUpperCase()}`, label] as const],
    );
  return (
    <Dialog title="Keys" isOpen={isOpen} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-6 gap-y-2">
        {[...places, ...shortcuts].map(([keys, does]) => (
          <div key={keys} className="contents">
            <dt>
              <kbd className="rounded border border-line bg-raised px-1.5 py-0.5 font-mono text-xs">
                {keys}
              </kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <KeysSwitch />
    </Dialog>
  );
}

function KeysSwitch() {
  const [isOn, setOn] = useState(areKeysOn);
  return (
    <label className="mt-5 flex items-center gap-2 border-t border-line pt-4">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => {
          setKeysOn(event.target.checked);
          setOn(event.target.checked);
        }}
        className="size-4 accent-ink"
      />
      Single keys do something on this device
    </label>
  );
}
