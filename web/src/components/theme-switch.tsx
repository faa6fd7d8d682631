import { Monitor, Moon, Sun } from 'lucide-react';
import { choosePreference, themes, usePreferences } from '../preferences.ts';
import type { Theme } from '../preferences.ts';
import { IconButton } from '../ui/button.tsx';

const faces = {
  system: { label: 'Theme: as the system', icon: Monitor },
  light: { label: 'Theme: light', icon: Sun },
  dark: { label: 'Theme: dark', icon: Moon },
} satisfies Record<Theme, { label: string; icon: typeof Sun }>;

/** Steps through system, light and dark. */
export function ThemeSwitch() {
  const { theme } = usePreferences();
  const { label, icon: Icon } = faces[theme];
  const step = () =>
    choosePreference('theme', themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system');
  return (
    <IconButton label={label} onClick={step}>
      <Icon aria-hidden="true" className="size-4" />
    </IconButton>
  );
}
