/** The bridge span: the mark of the product. Each half has the hue of its side; a gap says that something waits on you. */
export function BridgeMark({ hasGap = false, className = 'size-7' }: BridgeMarkProps) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" fill="none">
      <g strokeWidth="3" strokeLinecap="round">
        <path
          d={hasGap ? 'M4 22a12 12 0 0 1 8.5-11.5' : 'M4 22a12 12 0 0 1 12-12'}
          className="stroke-internal"
        />
        <path
          d={hasGap ? 'M28 22a12 12 0 0 0-8.5-11.5' : 'M28 22a12 12 0 0 0-12-12'}
          className="stroke-quickbooks"
        />
        <path
          d={hasGap ? 'M2 24h10M20 24h10' : 'M2 24h28'}
          className="stroke-ink-soft"
          strokeWidth="2.5"
        />
      </g>
    </svg>
  );
}

type BridgeMarkProps = { readonly hasGap?: boolean; readonly className?: string };
