/** Keys somebody chose for themselves, by the name of the plain key: `{ j: 'n' }`. */
type KeyMap = Readonly<Record<string, string>>;

const storageName = 'ledgerbridge.key-map';

const isKeyMap = (value: unknown): value is KeyMap =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((key) => typeof key === 'string');

function readMap(): KeyMap {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageName) ?? '{}');
    return isKeyMap(stored) ? stored : {};
  } catch {
    // Written by something else: the plain keys hold.
    return {};
  }
}

let chosen: KeyMap | null = null;

/** Read once; only this file writes it. */
function keyMap(): KeyMap {
  chosen ??= readMap();
  return chosen;
}

/** The plain key that a pressed one stands for; a key whose place was taken stands for nothing. */
export function plainKeyOf(pressed: string): string {
  const map = keyMap();
  const plain = Object.keys(map).find((name) => map[name] === pressed);
  if (plain !== undefined) return plain;
  return pressed in map ? '' : pressed;
}

/** What to press for a plain key. */
export function shownKeyOf(plain: string): string {
  return keyMap()[plain] ?? plain;
}

/** Chooses what to press for a plain key; null goes back to the plain one. */
export function chooseKey(plain: string, pressed: string | null): void {
  const { [plain]: _before, ...rest } = keyMap();
  chosen = pressed === null || pressed === plain ? rest : { ...rest, [plain]: pressed };
  localStorage.setItem(storageName, JSON.stringify(chosen));
}

/** 'g o' as a person reads it. */
export function keyLabel(name: string): string {
  return name
    .split(' ')
    .map((part) => (part.length === 1 ? part.toUpperCase() : part))
    .join(name.startsWith('Shift') ? ' ' : ' then ');
}
