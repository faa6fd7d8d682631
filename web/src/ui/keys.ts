import { useEffect, useEffectEvent } from 'react';

/** What a key does: '?', 'Space', '[', 'Shift 1' or a chord such as 'g o'. */
export type KeyBindings = Readonly<Record<string, () => void>>;

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

function nameOf({ key, code, shiftKey }: KeyboardEvent): string {
  // What Shift and a digit print differs from keyboard to keyboard.
  if (shiftKey && (code === 'Digit1' || code === 'Digit2')) return `Shift ${code.slice(-1)}`;
  if (key === ' ') return 'Space';
  return key.length === 1 ? key.toLowerCase() : key;
}

/** Single keys and chords while the component is mounted; never inside a field, never with a modifier. */
export function useKeys(bindings: KeyBindings): void {
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
      const key = nameOf(event);
      const isChord = chordStart !== null && event.timeStamp - chordStart.atMs < chordMs;
      if (isChord && press(event, `${chordStart?.key} ${key}`)) chordStart = null;
      else if (!press(event, key)) chordStart = { key, atMs: event.timeStamp };
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

/** ⌘↵ or Ctrl ↵ while the component is mounted, also from inside a field. */
export function useSubmitKey(act: () => void): void {
  const submit = useEffectEvent(act);

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.repeat) return;
      event.preventDefault();
      submit();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
