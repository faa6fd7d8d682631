import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';

/** A fault of this page itself: say so, and offer the one thing that helps. */
export function BrokenPage({ error }: { readonly error: unknown }) {
  return (
    <div role="alert">
      <h1 className="sr-only">This page failed</h1>
      <Empty title="This page failed. Nothing in your books was touched.">
        <p className="mb-3 font-mono text-xs">
          {error instanceof Error ? error.message : 'Unknown fault.'}
        </p>
        <Button onClick={() => window.location.reload()}>Reload</Button>
      </Empty>
    </div>
  );
}
