import { useId, useState } from 'react';
import { signIn } from '../session.ts';
import { BridgeMark } from '../ui/bridge-mark.tsx';
import { Button } from '../ui/button.tsx';

/** Asks for an API key and trades it for a session; the key itself is kept nowhere in the browser. */
export function SignInPage() {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const fieldId = useId();
  const problemId = useId();
  const submit = async (form: HTMLFormElement) => {
    const key = new FormData(form).get('apiKey');
    setBusy(true);
    const refused = await signIn(typeof key === 'string' ? key.trim() : '');
    if (refused === null) {
      // A fresh start: nothing that was read before belongs to whoever signed in now.
      window.location.reload();
      return;
    }
    setBusy(false);
    setProblem(refused);
  };
  return (
    <main className="grid min-h-dvh place-items-center bg-paper p-4">
      <form
        className="w-full max-w-sm rounded-lg border border-line bg-surface p-6 shadow-panel"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <div className="mb-6 flex items-center gap-2">
          <BridgeMark hasGap={false} />
          <h1 className="text-base font-semibold tracking-tight">Sign in to LedgerBridge</h1>
        </div>
        <label htmlFor={fieldId} className="mb-1 block text-[0.8125rem] font-medium">
          API key
        </label>
        <input
          id={fieldId}
          name="apiKey"
          type="password"
          autoComplete="current-password"
          required
          aria-invalid={problem !== null}
          aria-describedby={problemId}
          className="h-9 w-full rounded-md border border-line-strong/60 bg-paper px-2.5 font-mono text-ink"
        />
        <p id={problemId} role="alert" className="mt-2 min-h-5 text-[0.8125rem] text-you">
          {problem}
        </p>
        <Button
          type="submit"
          kind="strong"
          disabled={isBusy}
          className="mt-2 w-full justify-center"
        >
          {isBusy ? 'Signing in…' : 'Sign in'}
        </Button>
        <p className="mt-4 text-xs text-ink-soft">
          Keys begin with <code className="font-mono">lb_</code>. Whoever runs LedgerBridge makes
          them; the first start prints the first one.
        </p>
      </form>
    </main>
  );
}
