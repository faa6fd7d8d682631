import type { DeadLetterPartsFragment } from '../graphql/generated/graphql.ts';
import { readable } from '../format/sentence.ts';

type FixStepsProps = {
  readonly letter: Pick<DeadLetterPartsFragment, 'suggestedFix' | 'event'>;
  /** False where the steps stand for many invoices: a link would open one of them only. */
  readonly withLinks?: boolean;
};

const link = 'whitespace-nowrap underline underline-offset-4';

/** What to do about it, as steps, with the way to the invoice on either side. */
export function FixSteps({ letter, withLinks = true }: FixStepsProps) {
  const { invoice } = letter.event;
  return (
    <div className="flex flex-col gap-1.5">
      <ol className="list-decimal pl-5">
        {letter.suggestedFix.map((step) => (
          <li key={step}>{readable(step)}</li>
        ))}
      </ol>
      {withLinks && (invoice?.quickbooksUrl ?? invoice?.internalUrl) != null && (
        <p className="flex flex-wrap gap-x-4 gap-y-1">
          {invoice?.quickbooksUrl != null && (
            <a href={invoice.quickbooksUrl} target="_blank" rel="noreferrer" className={link}>
              Open in QuickBooks <span aria-hidden="true">↗</span>
            </a>
          )}
          {invoice?.internalUrl != null && (
            <a href={invoice.internalUrl} target="_blank" rel="noreferrer" className={link}>
              Open in internal invoicing <span aria-hidden="true">↗</span>
            </a>
          )}
        </p>
      )}
    </div>
  );
}
