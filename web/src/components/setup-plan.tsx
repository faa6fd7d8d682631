import { RefreshPlanDocument, SetupPlanDocument } from '../graphql/generated/graphql.ts';
import type {
  CompanyPartsFragment,
  PlannedPartsFragment,
  Side,
} from '../graphql/generated/graphql.ts';
import { planGroups } from '../companies/plan.ts';
import { formatCount, formatMoneyList } from '../format/money.ts';
import { useAct } from '../graphql/use-act.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import { operationVerbs, sideLabels } from '../state-labels.ts';
import { referenceKindLabels } from '../work-labels.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { AppLink } from './app-link.tsx';
import { LiveList, Pages } from './live-list.tsx';
import { useChangedIds } from './use-changed-ids.ts';
import { AgoText, FieldValueText, MoneyText } from './values.tsx';
import { readable } from '../format/sentence.ts';

const pageSize = 50;

/** The plan as going live will be asked about: one pass, which does not move under the reader. */
export function usePlan(companyId: string) {
  const asked = { query: SetupPlanDocument, variables: { companyId, first: pageSize } };
  const result = useLiveQuery({
    ...asked,
    refetchOn: ({ company, type }) =>
      company.id === companyId && (type === 'COMPANY_CHANGED' || type === 'INVOICE_CHANGED'),
    refetchMs: 2_000,
  });
  return { asked, result };
}

/** Has it planned anew: settings and rules that changed leave a plan out of date. */
export function usePlanAnew(companyId: string) {
  const { state, act, isActing } = useAct(RefreshPlanDocument, ({ refreshPlan }) => refreshPlan);
  const planAnew = () => void act((idempotencyKey) => ({ input: { companyId, idempotencyKey } }));
  return { state, planAnew, isActing };
}

type PlanProps = { readonly company: CompanyPartsFragment; readonly mayChange: boolean };

/** Every write that going live would make, by kind, with the money it moves and what stands in its way. */
export function SetupPlan({ company, mayChange }: PlanProps) {
  const { asked, result } = usePlan(company.id);
  const changed = useChangedIds(company.id, () => null);
  const plan = result.data?.plannedWrites;
  if (company.mode === 'LIVE')
    return <p>The company is live: writes are made as changes come in, and nothing is planned.</p>;
  return (
    <>
      <PlanHead company={company} plannedAt={plan?.plannedAt ?? null} mayChange={mayChange} />
      <LiveList
        asked={asked}
        result={result}
        changed={changed}
        title={plan === undefined ? 'Planned writes' : titleOf(plan.totalCount)}
        what="planned writes"
      >
        {({ plannedWrites }) =>
          plannedWrites.nodes.length === 0 ? (
            <Empty title="Nothing would be written.">
              Either both sides agree, or the first planning is still under way. It looks at every
              invoice from the go-live date on; this page follows by itself.
            </Empty>
          ) : (
            <>
              <Summary writes={plannedWrites.nodes} isWhole={!plannedWrites.pageInfo.hasNextPage} />
              <ul data-plan>
                <Pages
                  asked={asked}
                  page={plannedWrites}
                  pageOf={(data) => data.plannedWrites}
                  pageSize={pageSize}
                  what="planned writes"
                >
                  {(write) => <PlannedWrite key={keyOf(write)} write={write} />}
                </Pages>
              </ul>
            </>
          )
        }
      </LiveList>
    </>
  );
}

const titleOf = (total: number): string =>
  total === 1 ? '1 write would be made' : `${formatCount(total)} writes would be made`;

/** A planned write has no id: it is known by what it would do to what. */
const keyOf = ({ side, kind, invoice, reference, changes, reason }: PlannedPartsFragment): string =>
  [side, kind, invoice?.id, reference?.id, reason, ...changes.map(({ path }) => path)].join(' ');

type PlanHeadProps = PlanProps & { readonly plannedAt: string | null };

function PlanHead({ company, plannedAt, mayChange }: PlanHeadProps) {
  const { state, planAnew, isActing } = usePlanAnew(company.id);
  const isOffline = useStream((stream) => stream.connection === 'offline');
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p className="mr-auto max-w-prose">
          This is the whole list of what going live would write, largest amount first.{' '}
          {plannedAt !== null && (
            <span className="text-ink-soft">
              Planned <AgoText instant={plannedAt} />.
            </span>
          )}
        </p>
        <Button disabled={!mayChange || isOffline || isActing} onClick={planAnew}>
          {isActing ? 'Planning…' : 'Plan anew'}
        </Button>
      </div>
      <ActRefusal state={state} />
    </>
  );
}

type SummaryProps = {
  readonly writes: readonly PlannedPartsFragment[];
  /** False while only the first page is here: then it speaks of the largest ones. */
  readonly isWhole: boolean;
};

function Summary({ writes, isWhole }: SummaryProps) {
  const problems = writes.filter(({ problem }) => problem !== null).length;
  return (
    <div className="border-b border-line px-4 pb-3">
      {!isWhole && (
        <p className="text-[0.8125rem] text-ink-soft">
          Of the {formatCount(writes.length)} largest:
        </p>
      )}
      <ul className="flex flex-wrap gap-x-6 gap-y-1">
        {planGroups(writes).map(({ key, side, verb, count, money }) => (
          <li key={key}>
            <SideWord side={side} /> {verb.toLowerCase()}{' '}
            <span data-figures className="font-semibold">
              {formatCount(count)}
            </span>
            {money.length > 0 && (
              <span className="text-ink-soft" data-figures>
                {' '}
                · {formatMoneyList(money)}
              </span>
            )}
          </li>
        ))}
      </ul>
      {problems > 0 && (
        <p className="mt-1 text-you">
          {formatCount(problems)} {problems === 1 ? 'has' : 'have'} something in the way; the rest
          is not held up by it.
        </p>
      )}
    </div>
  );
}

const hue = { INTERNAL: 'text-internal', QUICKBOOKS: 'text-quickbooks' } satisfies Record<
  Side,
  string
>;

function SideWord({ side }: { readonly side: Side }) {
  return <span className={`font-medium ${hue[side]}`}>{sideLabels[side]}</span>;
}

function PlannedWrite({ write }: { readonly write: PlannedPartsFragment }) {
  const { side, kind, invoice, reference, changes, reason, problem } = write;
  const document = invoice?.internal ?? invoice?.quickbooks ?? null;
  return (
    <li className="flex flex-col gap-0.5 border-b border-line px-4 py-2">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span>
          <SideWord side={side} /> {operationVerbs[kind].toLowerCase()}
        </span>
        {invoice && (
          <AppLink
            href={paths.invoice(invoice.id)}
            className="font-medium underline underline-offset-4"
          >
            {invoice.number ?? 'No number'}
          </AppLink>
        )}
        {reference && (
          <span className="font-medium">
            {referenceKindLabels[reference.kind]}{' '}
            {reference.internalName ?? reference.quickbooksName}
          </span>
        )}
        {document && (
          <span className="text-ink-soft">
            {document.customer.name}, <MoneyText value={document.total} />
          </span>
        )}
      </p>
      <p className="text-[0.8125rem] text-ink-soft">{readable(reason)}</p>
      {changes.length > 0 && (
        <details className="text-[0.8125rem]">
          <summary>
            {formatCount(changes.length)} {changes.length === 1 ? 'field' : 'fields'}
          </summary>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 py-1">
            {changes.map((change) => (
              <div key={change.path} className="contents">
                <dt className="text-ink-soft">{change.label}</dt>
                <dd>
                  <FieldValueText
                    value={side === 'QUICKBOOKS' ? change.internal : change.quickbooks}
                  />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {problem !== null && <p className="text-you">{problem}</p>}
    </li>
  );
}
