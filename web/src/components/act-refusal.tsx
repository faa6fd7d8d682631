import type { ActState } from '../graphql/use-act.ts';

/** Why an act did not go through; announced at once. */
export function ActRefusal({ state }: { readonly state: ActState }) {
  if (state.kind !== 'refused') return null;
  return (
    <p role="alert" className="rounded-md bg-you-soft px-3 py-2">
      {state.sentence}
    </p>
  );
}
