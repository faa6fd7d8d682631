import { formatDateTime } from '../format/date.ts';
import { formatMoney } from '../format/money.ts';
import {
  choosePreference,
  densities,
  themes,
  updateRates,
  usePreferences,
} from '../preferences.ts';
import type { Density, Theme, UpdateRate } from '../preferences.ts';
import { SelectField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { useNow } from '../ui/use-now.ts';

const themeWords: Record<Theme, string> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
};

const densityWords: Record<Density, string> = {
  comfortable: 'Comfortable',
  compact: 'Compact',
};

const rateWords: Record<UpdateRate, string> = {
  live: 'Live, as it happens',
  calm: 'Every 5 seconds',
  'on-demand': 'Only when I press Update',
};

/** Ways of writing numbers and dates that differ in what a reader would notice. */
const locales = [
  ['en-US', '1,234.56 · Nov 22, 2026'],
  ['en-GB', '1,234.56 · 22 Nov 2026'],
  ['de-DE', '1.234,56 · 22.11.2026'],
  ['de-CH', '1’234.56 · 22.11.2026'],
  ['fr-FR', '1 234,56 · 22 nov. 2026'],
  ['en-IN', '1,23,456.78 · 22 Nov 2026'],
] as const;

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** How the app looks and moves for this person on this device; each choice takes effect at once. */
export function DevicePanel() {
  const { theme, density, updateRate, locale, timeZone } = usePreferences();
  return (
    <Panel title="On this device">
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        <SelectField
          label="Theme"
          value={theme}
          onChange={({ target }) => choosePreference('theme', find(themes, target.value))}
        >
          {themes.map((name) => (
            <option key={name} value={name}>
              {themeWords[name]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Density"
          value={density}
          onChange={({ target }) => choosePreference('density', find(densities, target.value))}
        >
          {densities.map((name) => (
            <option key={name} value={name}>
              {densityWords[name]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Update rate"
          help="How often what moves by itself may move. The stream itself is complete at any rate."
          value={updateRate}
          onChange={({ target }) => choosePreference('updateRate', find(updateRates, target.value))}
        >
          {updateRates.map((name) => (
            <option key={name} value={name}>
              {rateWords[name]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Time zone"
          value={timeZone}
          onChange={({ target }) => choosePreference('timeZone', target.value)}
        >
          <option value="">As the system ({ownZone()})</option>
          {Intl.supportedValuesOf('timeZone').map((zone) => (
            <option key={zone} value={zone}>
              {zone}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Numbers and dates"
          value={locale}
          onChange={({ target }) => choosePreference('locale', target.value)}
        >
          <option value="">As the browser</option>
          {locales.map(([tag, example]) => (
            <option key={tag} value={tag}>
              {example}
            </option>
          ))}
        </SelectField>
        <Example />
      </div>
    </Panel>
  );
}

/** Every value of these lists comes from the list itself. */
const find = <Name extends string>(names: readonly [Name, ...Name[]], value: string): Name =>
  names.find((name) => name === value) ?? names[0];

function Example() {
  const nowMs = useNow(1_000);
  const money = { amount: '1234567.89', currency: 'USD' };
  return (
    <div>
      <p className="mb-1 text-[0.8125rem] font-medium">So it reads</p>
      <p data-figures className="flex h-9 items-center">
        {formatMoney(money)} · {formatDateTime(new Date(nowMs).toISOString())}
      </p>
    </div>
  );
}
