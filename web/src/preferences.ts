import { useSyncExternalStore } from 'react';
import { setPreferredFormats } from './format/preferred.ts';

/** How often what moves by itself may move (WCAG 2.2.2). */
export const updateRates = ['live', 'calm', 'on-demand'] as const;
export type UpdateRate = (typeof updateRates)[number];

export const densities = ['comfortable', 'compact'] as const;
export type Density = (typeof densities)[number];

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Choices of this person on this device. Empty is "as the browser has it". */
export type Preferences = {
  readonly theme: Theme;
  readonly density: Density;
  readonly updateRate: UpdateRate;
  readonly locale: string;
  readonly timeZone: string;
};

/** The theme's name is read before the first paint by public/theme.js. */
const storageNames = {
  theme: 'ledgerbridge.theme',
  density: 'ledgerbridge.density',
  updateRate: 'ledgerbridge.update-rate',
  locale: 'ledgerbridge.locale',
  timeZone: 'ledgerbridge.time-zone',
} as const satisfies Record<keyof Preferences, string>;

const stored = (name: keyof Preferences): string => localStorage.getItem(storageNames[name]) ?? '';

const oneOf = <Name extends string>(all: readonly [Name, ...Name[]], value: string): Name =>
  all.find((name) => name === value) ?? all[0];

function readPreferences(): Preferences {
  return {
    theme: oneOf(themes, stored('theme')),
    density: oneOf(densities, stored('density')),
    updateRate: oneOf(updateRates, stored('updateRate')),
    locale: isLocale(stored('locale')) ? stored('locale') : '',
    timeZone: isTimeZone(stored('timeZone')) ? stored('timeZone') : '',
  };
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    // Not a tag: the browser's own holds.
    return false;
  }
}

function isTimeZone(zone: string): boolean {
  try {
    return zone !== '' && Intl.DateTimeFormat(undefined, { timeZone: zone }) !== null;
  } catch {
    // Not a zone this browser knows: its own holds.
    return false;
  }
}

let current: Preferences | null = null;
const listeners = new Set<() => void>();

function get(): Preferences {
  current ??= readPreferences();
  return current;
}

const subscribe = (changed: () => void) => {
  listeners.add(changed);
  return () => void listeners.delete(changed);
};

function apply({ theme, density, locale, timeZone }: Preferences): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
  dataset['density'] = density;
  setPreferredFormats({ locale: locale || undefined, timeZone: timeZone || undefined });
}

/** Called once, before anything is drawn. */
export function applyPreferences(): void {
  apply(get());
}

/** Chooses, remembers on this device and takes effect at once. */
export function choosePreference<Name extends keyof Preferences>(
  name: Name,
  value: Preferences[Name],
): void {
  current = { ...get(), [name]: value };
  if (value === '' || value === 'system') localStorage.removeItem(storageNames[name]);
  else localStorage.setItem(storageNames[name], value);
  apply(current);
  for (const changed of listeners) changed();
}

/** The choices, kept current. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, get);
}
