/** Grey bars with the height of what will stand there; drawn after 150 ms only, and named for readers. */
export function Skeleton({ what, rows = 4, rowClass = 'h-8' }: SkeletonProps) {
  return (
    <div role="status" className="late flex flex-col gap-2 py-1">
      <span className="sr-only">Loading {what}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={`rounded bg-raised ${rowClass}`} />
      ))}
    </div>
  );
}

type SkeletonProps = {
  readonly what: string;
  readonly rows?: number;
  readonly rowClass?: string;
};
