import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../ui/button.tsx';

const themes = ['system', 'light', 'dark'] as const;

type Theme = (typeof themes)[number];

/** The same name is read before the first paint by public/theme.js. */
const storageName = 'ledgerbridge.theme';

const faces = {
  system: { label: 'Theme: as the system', icon: Monitor },
  light: { label: 'Theme: light', icon: Sun },
  dark: { label: 'Theme: dark', icon: Moon },
} satisfies Record<Theme, { label: string; icon: typeof Sun }>;

function chosenTheme(): Theme {
  const stored = localStorage.getItem(storageName);
  return themes.find((theme) => theme === stored) ?? 'system';
}

function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(storageName);
    delete document.documentElement.dataset['theme'];
    return;
  }
  localStorage.setItem(storageName, theme);
  document.documentElement.dataset['theme'] = theme;
}

/** Steps through system, light and dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme);
  const { label, icon: Icon } = faces[theme];
  const step = () => {
    const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
    applyTheme(next);
    setTheme(next);
  };
  return (
    <IconButton label={label} onClick={step}>
      <Icon aria-hidden="true" className="size-4" />
    </IconButton>
  );
}
