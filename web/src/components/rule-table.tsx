import { Fragment } from 'react';
import type { ReactNode } from 'react';
import type { PolicyPartsFragment } from '../graphql/generated/graphql.ts';
import { formatCount } from '../format/money.ts';
import { ruleWords } from '../rules/rule-words.ts';
import { Button } from '../ui/button.tsx';
import { AgoText } from './values.tsx';

const columns =
  'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-4 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_6rem_8rem_minmax(0,1fr)_5.5rem]';
const wide = 'hidden md:block';

type RuleTableProps = {
  readonly policies: readonly PolicyPartsFragment[];
  readonly open: string | undefined;
  readonly onOpen: (pattern?: string) => void;
  readonly editorOf: (policy: PolicyPartsFragment) => ReactNode;
};

/** Field and rule in words, most specific first; one at a time opens for a change. */
export function RuleTable({ policies, open, onOpen, editorOf }: RuleTableProps) {
  return (
    <div role="table" aria-label="Rules">
      <div role="rowgroup" className="border-b border-line text-xs text-ink-soft">
        <div role="row" className={`${columns} py-1.5`}>
          <span role="columnheader">Field</span>
          <span role="columnheader" className={wide}>
            Where both sides changed it
          </span>
          <span role="columnheader" className={`${wide} text-right`}>
            Tolerance
          </span>
          <span role="columnheader" className={`${wide} text-right`}>
            Decided, 30 days
          </span>
          <span role="columnheader" className={wide}>
            Whose rule
          </span>
          <span role="columnheader">
            <span className="sr-only">Change</span>
          </span>
        </div>
      </div>
      <div role="rowgroup">
        {policies.map((policy) => (
          <Fragment key={policy.pattern}>
            <RuleRow
              policy={policy}
              isOpen={open === policy.pattern}
              onOpen={() => onOpen(open === policy.pattern ? undefined : policy.pattern)}
            />
            {open === policy.pattern && (
              <div role="row" className="border-b border-line bg-raised/50">
                <div role="cell">{editorOf(policy)}</div>
              </div>
            )}
          </Fragment>
        ))}
      </div>
    </div>
  );
}

type RuleRowProps = {
  readonly policy: PolicyPartsFragment;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
};

/** The API's label of a field of the lines leaves the lines out. */
export const labelOfPattern = ({
  pattern,
  label,
}: Pick<PolicyPartsFragment, 'pattern' | 'label'>) =>
  pattern.startsWith('lines[*].') && pattern !== 'lines[*].**' ? `${label} of lines` : label;

function RuleRow({ policy, isOpen, onOpen }: RuleRowProps) {
  const { pattern, rule, tolerance, autoResolved30d } = policy;
  const label = labelOfPattern(policy);
  return (
    <div role="row" data-rule={pattern} className={`${columns} min-h-11 border-b border-line py-1`}>
      <div role="cell" className="min-w-0">
        <span className="font-medium">{label}</span>
        <p className="text-[0.8125rem] text-ink-soft md:hidden">
          {ruleWords[rule].short}
          {tolerance !== null && `, up to ${tolerance} apart counts as equal`}
        </p>
        {!policy.builtIn && (
          <p className="text-[0.8125rem] text-ink-soft md:hidden">
            <Whose policy={policy} />
          </p>
        )}
      </div>
      <div role="cell" className={wide} title={ruleWords[rule].help}>
        {ruleWords[rule].short}
      </div>
      <div role="cell" className={`${wide} text-right`} data-figures>
        {tolerance ?? <span className="text-ink-soft">none</span>}
      </div>
      <div role="cell" className={`${wide} text-right`} data-figures>
        {autoResolved30d === 0 ? (
          <span className="text-ink-soft">0</span>
        ) : (
          formatCount(autoResolved30d)
        )}
      </div>
      <div role="cell" className={`${wide} truncate text-[0.8125rem] text-ink-soft`}>
        <Whose policy={policy} />
      </div>
      <div role="cell" className="text-right">
        <Button aria-expanded={isOpen} onClick={onOpen}>
          {isOpen ? 'Close' : 'Change…'}
          <span className="sr-only">{label}</span>
        </Button>
      </div>
    </div>
  );
}

function Whose({ policy }: Pick<RuleRowProps, 'policy'>) {
  const { builtIn, updatedBy, updatedAt } = policy;
  if (builtIn) return 'default';
  return (
    <>
      <span className="text-ink">own</span>, {updatedBy.displayName},{' '}
      <AgoText instant={updatedAt} />
    </>
  );
}
