import { ViewerDocument } from '../graphql/generated/graphql.ts';
import { QueryView } from '../components/query-view.tsx';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { ApiKeysPanel } from '../settings/api-keys-panel.tsx';
import { CompanyPanel } from '../settings/company-panel.tsx';
import { DevicePanel } from '../settings/device-panel.tsx';
import { ShortcutPanel } from '../settings/shortcut-panel.tsx';

/** What this person chose here, who else may do what, and how each company tells and undoes. */
export function SettingsPage() {
  const viewer = useLiveQuery({ query: ViewerDocument, variables: {} });
  return (
    <div className="flex flex-col gap-4">
      <header>
        <h1 className="text-xl font-semibold tracking-tight">Settings</h1>
        <QueryView result={viewer} what="Who you are" skeleton={<p className="min-h-5" />}>
          {({ viewer: { actor, scopes } }) => (
            <p className="text-ink-soft">
              You are {actor.displayName}, with the rights {scopes.join(', ')}.
            </p>
          )}
        </QueryView>
      </header>
      <DevicePanel />
      <ShortcutPanel />
      <CompanyPanel />
      <ApiKeysPanel />
    </div>
  );
}
