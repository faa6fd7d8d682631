import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../graphql/failure.ts';
import type { LiveQuery } from '../graphql/use-live-query.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

type QueryViewProps<Data> = {
  readonly result: LiveQuery<Data>;
  /** What is asked for, in words that fit after "Loading" and "could not be read". */
  readonly what: string;
  readonly skeleton?: ReactNode;
  readonly children: (data: NonNullable<Data>) => ReactNode;
};

/** Branches on failure before anything else, so that a failed query is never shown as an empty list. */
export function QueryView<Data>({ result, what, skeleton, children }: QueryViewProps<Data>) {
  const { data, failure, retry } = result;
  const notice = failure && <FailureNotice failure={failure} what={what} onRetry={retry} />;
  if (data === undefined || data === null) return notice ?? skeleton ?? <Skeleton what={what} />;
  return (
    <>
      {notice}
      {children(data)}
    </>
  );
}

type FailureNoticeProps = {
  readonly failure: Failure;
  readonly what: string;
  readonly onRetry: () => void;
};

/** What could not be read, why, and the way to ask again. */
export function FailureNotice({ failure, what, onRetry }: FailureNoticeProps) {
  return (
    <div
      role="alert"
      className="my-2 flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md bg-you-soft p-3 text-ink"
    >
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-you" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium">{what} could not be read.</p>
        <p>{failure.sentence}</p>
        {failure.correlationId && (
          <p className="mt-1 flex flex-wrap items-center gap-x-1 text-xs">
            Correlation id <code className="font-mono break-all">{failure.correlationId}</code>
            <CopyButton label="Copy correlation id" text={failure.correlationId} />
          </p>
        )}
      </div>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}
