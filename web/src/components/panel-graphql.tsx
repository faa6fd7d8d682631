import { SquareArrowOutUpRight } from 'lucide-react';
import { graphqlText, playgroundHref } from '../graphql/graphql-text.ts';
import type { AskedQuery } from '../graphql/graphql-text.ts';
import { CopyButton } from '../ui/copy-button.tsx';

/** Everything the app does, the API does: each panel hands over its own GraphQL (api-and-web.md §3.1). */
export function PanelGraphql(asked: AskedQuery) {
  return (
    <>
      <CopyButton label="Copy as GraphQL" text={graphqlText(asked)} />
      <a
        href={playgroundHref(asked)}
        target="_blank"
        rel="noreferrer"
        aria-label="Open in playground"
        title="Open in playground"
        className="inline-flex size-8 items-center justify-center rounded-md text-ink-soft transition-colors hover:bg-raised hover:text-ink"
      >
        <SquareArrowOutUpRight aria-hidden="true" className="size-3.5" />
      </a>
    </>
  );
}
