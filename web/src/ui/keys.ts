import { useEffect, useEffectEvent, useRef } from 'react';
import { plainKeyOf, shownKeyOf } from './key-map.ts';
import { keyWords } from './key-words.ts';

/** What a key does: '?', 'Space', '[', 'Shift 1' or a chord such as 'g o'. */
export type KeyBindings = Readonly<Record<string, () => void>>;

/** What a key does here, where that differs from what it does elsewhere. */
type BindingWords = Readonly<Record<string, string>>;

/** A key that does something on this page right now. */
export type BoundKey = {
  readonly name: string;
  /** What to press: another key, where somebody chose one. */
  readonly shown: string;
  readonly does: string;
  readonly act: () => void;
};

/** After the first key of a chord, the second must follow within this time. */
const chordMs = 1_200;

const storageName = 'ledgerbridge.keys';

/** Single keys can be switched off (WCAG 2.1.4). */
export function areKeysOn(): boolean {
  return localStorage.getItem(storageName) !== 'off';
}

/** Remembers the choice in this browser. */
export function setKeysOn(isOn: boolean): void {
  localStorage.setItem(storageName, isOn ? 'on' : 'off');
}

/** In a radio button or a checkbox nobody types. */
const typingIn =
  'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable], dialog[open]';
const pressedBySpace = 'button, a, summary, input, [role="button"]';

/** Whether a key belongs to what has the focus, or to the browser, and not to us. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  if (!(event.target instanceof Element)) return false;
  if (event.target.closest(typingIn)) return true;
  return event.key === ' ' && event.target.closest(pressedBySpace) !== null;
}

/** The name of a pressed key, as bindings spell it. */
export function keyNameOf({ key, code, shiftKey }: KeyboardEvent): string {
  // What Shift and a digit print differs from keyboard to keyboard.
  if (shiftKey && (code === 'Digit1' || code === 'Digit2')) return `Shift ${code.slice(-1)}`;
  if (shiftKey && code === 'KeyX') return 'Shift x';
  if (key === ' ') return 'Space';
  return key.length === 1 ? key.toLowerCase() : key;
}

type Mounted = () => { readonly bindings: KeyBindings; readonly words: BindingWords };

/** Newest last: of two that bind the same key, the one mounted later is what the page is about. */
const mounted = new Set<Mounted>();

/** What single keys and chords do on this page now, in the order of the table. */
export function boundKeys(): readonly BoundKey[] {
  const found = new Map<string, BoundKey>();
  for (const read of mounted) {
    const { bindings, words } = read();
    for (const [name, act] of Object.entries(bindings)) {
      const does = words[name] ?? keyWords.get(name);
      if (does !== undefined) found.set(name, { name, shown: shownKeyOf(name), does, act });
    }
  }
  return [...found.values()].toSorted((a, b) => placeOf(a.name) - placeOf(b.name));
}

const names = [...keyWords.keys()];

const placeOf = (name: string): number => (keyWords.has(name) ? names.indexOf(name) : names.length);

/** Single keys and chords while the component is mounted; never inside a field, never with a modifier. */
export function useKeys(bindings: KeyBindings, words: BindingWords = {}): void {
  const latest = useRef({ bindings, words });
  useEffect(() => {
    latest.current = { bindings, words };
  });
  const press = useEffectEvent((event: KeyboardEvent, name: string) => {
    const act = bindings[name];
    if (act === undefined) return false;
    event.preventDefault();
    act();
    return true;
  });

  useEffect(() => {
    let chordStart: { key: string; atMs: number } | null = null;
    const listen = (event: KeyboardEvent) => {
      if (!areKeysOn() || isTaken(event)) return;
      const key = keyNameOf(event);
      const isChord = chordStart !== null && event.timeStamp - chordStart.atMs < chordMs;
      if (isChord && press(event, plainKeyOf(`${chordStart?.key} ${key}`))) chordStart = null;
      else if (!press(event, plainKeyOf(key))) chordStart = { key, atMs: event.timeStamp };
    };
    const mine: Mounted = () => latest.current;
    mounted.add(mine);
    window.addEventListener('keydown', listen);
    return () => {
      mounted.delete(mine);
      window.removeEventListener('keydown', listen);
    };
  }, []);
}

/** ⌘↵ or Ctrl ↵ while the component is mounted, also from inside a field. */
export function useSubmitKey(act: () => void): void {
  useModifiedKey('Enter', act);
}

/** ⌘ or Ctrl with a key while the component is mounted, also from inside a field. */
export function useModifiedKey(key: string, act: () => void): void {
  const press = useEffectEvent(act);

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isHeld = event.metaKey || event.ctrlKey;
      if (event.key.toLowerCase() !== key.toLowerCase() || !isHeld || event.repeat) return;
      if (event.shiftKey || event.altKey) return;
      event.preventDefault();
      press();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [key]);
}
