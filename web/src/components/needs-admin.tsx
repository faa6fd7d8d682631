/** Says which right is missing; the controls beside it stay visible and disabled (api-and-web.md §3.4). */
export function NeedsAdmin({ mayChange }: { readonly mayChange: boolean }) {
  if (mayChange) return null;
  return (
    <p className="rounded-md bg-raised px-3 py-2 text-[0.8125rem]">
      You can look at everything here. Changing it needs the right ADMIN: sign in with a key that
      has it, or ask whoever runs LedgerBridge for one.
    </p>
  );
}
