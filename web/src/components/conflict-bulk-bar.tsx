import { lazy, Suspense, useEffect, useState } from 'react';
import { sameFieldOf } from '../conflicts/bulk.ts';
import type { SameField } from '../conflicts/bulk.ts';
import type { ColumnChoice } from '../conflicts/choices.ts';
import { ruleOfChoice } from '../conflicts/plain-words.ts';
import { formatCount } from '../format/money.ts';
import type { ConflictPartsFragment } from '../graphql/generated/graphql.ts';
import { paths } from '../paths.ts';
import { fieldChoiceLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { useKeys } from '../ui/keys.ts';
import { whenIdle } from '../ui/when-idle.ts';
import { AppLink } from './app-link.tsx';

const load = () => import('./conflict-bulk-settle.tsx');
const BulkSettle = lazy(async () => ({ default: (await load()).BulkSettle }));

type BarProps = {
  readonly selected: readonly ConflictPartsFragment[];
  readonly onClear: () => void;
  readonly onStarted: (bulkOperationId: string) => void;
};

/** What can be done with the selected conflicts; it stays in sight while the list scrolls. */
export function ConflictBulkBar({ selected, onClear, onStarted }: BarProps) {
  const [choice, setChoice] = useState<ColumnChoice | null>(null);
  useEffect(() => whenIdle(() => void load()), []);
  useKeys(selected.length > 0 && choice === null ? { Escape: onClear } : {});
  if (selected.length === 0) return null;
  const same = sameFieldOf(selected);
  return (
    <div
      role="region"
      aria-label="Selected conflicts"
      className="sticky bottom-16 z-10 flex flex-wrap items-center gap-2 border-t border-line bg-surface px-4 py-2 shadow-panel md:bottom-0"
    >
      <p role="status" className="font-medium" data-figures>
        {formatCount(selected.length)} selected
      </p>
      {same === null ? (
        <p className="text-ink-soft">
          Conflicts about one and the same field can be settled together.
        </p>
      ) : (
        <Choices same={same} selected={selected} onChoose={setChoice} />
      )}
      <Button kind="quiet" className="ml-auto" onClick={onClear}>
        Clear
      </Button>
      {same !== null && choice !== null && (
        <Suspense>
          <BulkSettle
            conflicts={selected}
            same={same}
            choice={choice}
            onClose={() => setChoice(null)}
            onStarted={(id) => {
              setChoice(null);
              onStarted(id);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

type ChoicesProps = {
  readonly same: SameField;
  readonly selected: readonly ConflictPartsFragment[];
  readonly onChoose: (choice: ColumnChoice) => void;
};

function Choices({ same, selected, onChoose }: ChoicesProps) {
  const [first] = selected;
  const companies = new Set(selected.map(({ invoice }) => invoice.company.id));
  return (
    <>
      {same.choices.map((choice) => (
        <Button key={choice} onClick={() => onChoose(choice)}>
          {choice === 'KEEP_BASE' ? 'Go back to last agreed' : `Keep ${fieldChoiceLabels[choice]}`}{' '}
          for {same.words} on {formatCount(selected.length)}…
        </Button>
      ))}
      {same.canBeRuled && first !== undefined && companies.size === 1 && (
        <AppLink
          href={paths.rules({
            company: first.invoice.company.id,
            edit: same.pattern,
            rule: ruleOfChoice(same.choices[0]) ?? 'ASK',
          })}
          className="px-1 text-[0.8125rem] underline underline-offset-4"
        >
          Make it a rule…
        </AppLink>
      )}
    </>
  );
}
