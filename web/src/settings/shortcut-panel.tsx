import { useState } from 'react';
import { announce } from '../announcements.ts';
import { usePlaceGroups } from '../components/use-places.ts';
import { Button } from '../ui/button.tsx';
import { CheckField } from '../ui/field.tsx';
import { areKeysOn, keyNameOf, setKeysOn } from '../ui/keys.ts';
import { chooseKey, keyLabel, shownKeyOf } from '../ui/key-map.ts';
import { keyWords } from '../ui/key-words.ts';
import { Panel } from '../ui/panel.tsx';

type KeyRow = { readonly name: string; readonly does: string };

/** Switches single keys off, or puts others in their place (WCAG 2.1.4). */
export function ShortcutPanel() {
  const [isOn, setOn] = useState(areKeysOn);
  const [changeCount, setChangeCount] = useState(0);
  const chords = usePlaceGroups()
    .flat()
    .flatMap(({ key, label }) =>
      key === undefined ? [] : [{ name: `g ${key}`, does: `Go to ${label}` }],
    );
  const rows = [...[...keyWords].map(([name, does]) => ({ name, does })), ...chords];
  const isFree = (pressed: string, name: string) =>
    rows.every((row) => row.name === name || shownKeyOf(row.name) !== pressed);
  return (
    <Panel title="Keys">
      <CheckField
        label="Single keys do something on this device. ⌘K and Ctrl K always work."
        checked={isOn}
        onChange={({ target }) => {
          setKeysOn(target.checked);
          setOn(target.checked);
        }}
      />
      <ul
        aria-label="Keys"
        data-changes={changeCount}
        className="mt-3 grid gap-x-8 sm:grid-cols-2 xl:grid-cols-3"
      >
        {rows.map((row) => (
          <KeyChoice
            key={row.name}
            row={row}
            isFree={(pressed) => isFree(pressed, row.name)}
            onChange={() => setChangeCount(changeCount + 1)}
          />
        ))}
      </ul>
    </Panel>
  );
}

type KeyChoiceProps = {
  readonly row: KeyRow;
  readonly isFree: (pressed: string) => boolean;
  readonly onChange: () => void;
};

function KeyChoice({ row: { name, does }, isFree, onChange }: KeyChoiceProps) {
  const [state, setState] = useState<'shown' | 'listening' | 'taken'>('shown');
  const shown = shownKeyOf(name);
  const choose = (pressed: string | null) => {
    chooseKey(name, pressed);
    setState('shown');
    onChange();
    announce(`${does}: ${keyLabel(shownKeyOf(name))}.`);
  };
  const listen = (event: React.KeyboardEvent) => {
    if (state === 'shown' || event.key === 'Tab' || event.key === 'Shift') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return setState('shown');
    const key = keyNameOf(event.nativeEvent);
    const pressed = name.startsWith('g ') ? `g ${key}` : key;
    if (isFree(pressed)) choose(pressed);
    else setState('taken');
  };
  return (
    <li className="flex min-h-9 items-center justify-between gap-2 border-b border-line py-1">
      <span className="min-w-0">{does}</span>
      <span className="flex shrink-0 items-center gap-1">
        {shown !== name && (
          <Button kind="quiet" aria-label={`${does}: plain key again`} onClick={() => choose(null)}>
            Reset
          </Button>
        )}
        <button
          type="button"
          aria-label={`${does}: ${keyLabel(shown)}. Choose another key`}
          onClick={() => setState('listening')}
          onBlur={() => setState('shown')}
          onKeyDown={listen}
          className="min-h-7 min-w-16 rounded border border-line-strong/60 bg-raised px-2 font-mono text-xs"
        >
          {state === 'shown' && keyLabel(shown)}
          {state === 'listening' && 'Press a key…'}
          {state === 'taken' && 'Taken, another…'}
        </button>
      </span>
    </li>
  );
}
