import { useQuery } from 'urql';
import { failureOf } from '../graphql/failure.ts';
import { PolicyRehearsalDocument } from '../graphql/generated/graphql.ts';
import type {
  ConflictDetailFragment,
  PolicyRehearsalQueryVariables,
} from '../graphql/generated/graphql.ts';
import { useRefetchWhileFailing } from '../graphql/use-live-query.ts';
import { formatCount } from '../format/money.ts';
import { paths } from '../paths.ts';
import { patternOfPath } from '../conflicts/plain-words.ts';
import { sayRehearsal } from '../rules/rule-words.ts';
import { fieldChoiceLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { AppLink } from './app-link.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { AgoText, FieldValueText } from './values.tsx';

type RehearsalProps = {
  readonly input: PolicyRehearsalQueryVariables['input'];
  readonly isLatest: boolean;
};

const shownMax = 5;

/** What the rule would have done to the company's own past conflicts. */
export function RuleRehearsal({ input, isLatest }: RehearsalProps) {
  const variables = { input };
  const [{ data, error, fetching }, execute] = useQuery({
    query: PolicyRehearsalDocument,
    variables,
    requestPolicy: 'network-only',
  });
  const refetch = () => execute({ requestPolicy: 'network-only' });
  useRefetchWhileFailing({ refetch, error, isFetching: fetching });
  return (
    <section
      aria-label="Rehearsal"
      aria-busy={fetching}
      data-rehearsal
      className={`flex flex-col gap-2 rounded-md border border-line bg-surface p-3 ${fetching && data ? 'opacity-60' : ''}`}
    >
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-[0.8125rem] font-semibold">Rehearsal</h3>
        <span className="flex items-center">
          <PanelGraphql query={PolicyRehearsalDocument} variables={variables} />
        </span>
      </div>
      {error ? (
        <p role="alert" className="flex flex-wrap items-center gap-2 text-you">
          {failureOf(error).sentence}
          <Button onClick={refetch}>Try again</Button>
        </p>
      ) : data === undefined ? (
        <p className="late text-ink-soft">Trying it on past conflicts…</p>
      ) : (
        <>
          <p role="status" className="font-medium">
            {sayRehearsal(data.previewFieldPolicy, input.rule)}
          </p>
          {isLatest && (
            <p className="text-[0.8125rem] text-ink-soft">
              The rehearsal takes both clocks as right; where one is in doubt, a person would have
              been asked.
            </p>
          )}
          <Disagreements
            pattern={input.pattern}
            conflicts={data.previewFieldPolicy.disagreements}
            total={data.previewFieldPolicy.wouldDisagree}
          />
        </>
      )}
    </section>
  );
}

type DisagreementsProps = {
  readonly pattern: string;
  readonly conflicts: readonly ConflictDetailFragment[];
  readonly total: number;
};

function Disagreements({ pattern, conflicts, total }: DisagreementsProps) {
  if (conflicts.length === 0) return null;
  const shown = conflicts.slice(0, shownMax);
  return (
    <>
      <p className="text-[0.8125rem] text-ink-soft">Where a person chose otherwise:</p>
      <ul className="flex flex-col gap-1.5">
        {shown.map((conflict) => (
          <li key={conflict.id} className="flex flex-wrap gap-x-3">
            <AppLink
              href={paths.conflict(conflict.id)}
              className="font-medium underline underline-offset-4"
            >
              {conflict.invoice.number ?? 'No number'}
            </AppLink>
            <Chosen conflict={conflict} pattern={pattern} />
            <span className="text-ink-soft">
              <AgoText instant={conflict.resolution?.decidedAt ?? conflict.detectedAt} />
            </span>
          </li>
        ))}
      </ul>
      {total > shown.length && (
        <p className="text-[0.8125rem] text-ink-soft">
          and {formatCount(total - shown.length)} more
        </p>
      )}
    </>
  );
}

/** What the person chose for the fields the rule is about. */
function Chosen({ conflict, pattern }: { conflict: ConflictDetailFragment; pattern: string }) {
  const all = conflict.resolution?.choices ?? [];
  const about = all.filter(({ path }) => patternOfPath(path) === pattern);
  const [first] = about.length > 0 ? about : all;
  if (first === undefined) return null;
  return (
    <span>
      <FieldValueText value={first.value} />{' '}
      <span className="text-ink-soft">({fieldChoiceLabels[first.choice]})</span>
      {conflict.resolution !== null && (
        <span className="text-ink-soft">, {conflict.resolution.actor.displayName}</span>
      )}
    </span>
  );
}
