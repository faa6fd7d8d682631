import { useState } from 'react';
import { GoLiveDocument, SetupFirstCrossingsDocument } from '../graphql/generated/graphql.ts';
import type { CompanyPartsFragment } from '../graphql/generated/graphql.ts';
import { formatCount } from '../format/money.ts';
import { useAct } from '../graphql/use-act.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { paths } from '../paths.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { SettingCheck } from '../ui/choice-field.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { AppLink } from './app-link.tsx';
import { PanelGraphql } from './panel-graphql.tsx';
import { QueryView } from './query-view.tsx';
import { usePlan } from './setup-plan.tsx';
import { InvoiceStatusChip } from './state-chips.tsx';
import { AgoText } from './values.tsx';
import { readable } from '../format/sentence.ts';

type LiveProps = { readonly company: CompanyPartsFragment; readonly mayChange: boolean };

/** The last step: approves the plan by the count that was seen, then shows the first ones cross. */
export function SetupLive({ company, mayChange }: LiveProps) {
  return company.mode === 'LIVE' ? (
    <FirstCrossings companyId={company.id} />
  ) : (
    <Approval company={company} mayChange={mayChange} />
  );
}

function Approval({ company, mayChange }: LiveProps) {
  const { result } = usePlan(company.id);
  return (
    <QueryView result={result} what="The plan">
      {({ plannedWrites: { totalCount, passId, plannedAt } }) => (
        <GoLive
          key={passId}
          company={company}
          mayChange={mayChange}
          plan={{ totalCount, passId, plannedAt }}
        />
      )}
    </QueryView>
  );
}

type GoLiveProps = LiveProps & {
  readonly plan: {
    readonly totalCount: number;
    readonly passId: string;
    readonly plannedAt: string;
  };
};

function GoLive({ company, mayChange, plan }: GoLiveProps) {
  const { id, version, name } = company;
  const { totalCount, passId, plannedAt } = plan;
  const [isSeen, setSeen] = useState(false);
  const { state, act, isActing } = useAct(GoLiveDocument, ({ goLive }) => goLive);
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const goLive = () =>
    void act((idempotencyKey) => ({
      input: {
        companyId: id,
        expectedVersion: version,
        planPassId: passId,
        expectedWriteCount: totalCount,
        idempotencyKey,
      },
    }));
  const writes = `${formatCount(totalCount)} ${totalCount === 1 ? 'write' : 'writes'}`;
  return (
    <div className="flex flex-col items-start gap-4">
      <p className="max-w-prose">
        Going live makes exactly the {writes} of the plan made <AgoText instant={plannedAt} />, and
        from then on every change crosses as it comes. Should the books have moved so that the count
        is no longer right, it is refused and you look again.
      </p>
      <SettingCheck
        label={`I have looked at the ${writes}`}
        help={
          <AppLink
            href={paths.companySetup(id, { step: 'plan' })}
            className="underline underline-offset-4"
          >
            The plan
          </AppLink>
        }
        checked={isSeen}
        onCheck={setSeen}
      />
      <ActRefusal state={state} />
      <Button
        kind="strong"
        disabled={!mayChange || !isSeen || isOffline || isActing}
        onClick={goLive}
      >
        {isActing ? 'Going live…' : `Let ${name} go live: ${writes}`}
      </Button>
    </div>
  );
}

function FirstCrossings({ companyId }: { readonly companyId: string }) {
  const variables = { companyId };
  const result = useLiveQuery({
    query: SetupFirstCrossingsDocument,
    variables,
    refetchOn: ({ company }) => company.id === companyId,
    refetchMs: 500,
  });
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" className="mr-auto font-medium">
          Live. These are the newest to cross.
        </p>
        <AppLink href={paths.live()} className="underline underline-offset-4">
          Watch all of it
        </AppLink>
        <AppLink href={paths.company(companyId)} className="underline underline-offset-4">
          The company
        </AppLink>
        <span className="flex items-center">
          <PanelGraphql query={SetupFirstCrossingsDocument} variables={variables} />
        </span>
      </div>
      <QueryView result={result} what="The first crossings">
        {({ invoices: { nodes } }) =>
          nodes.length === 0 ? (
            <Empty title="Nothing has crossed yet.">
              The first change on either side appears here by itself.
            </Empty>
          ) : (
            <ul className="divide-y divide-line" data-first-crossings>
              {nodes.map(({ id, number, status, statusReason }) => (
                <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 py-2">
                  <AppLink
                    href={paths.invoice(id, { tab: 'crossing' })}
                    className="font-medium underline underline-offset-4"
                  >
                    {number ?? 'No number'}
                  </AppLink>
                  <InvoiceStatusChip status={status} />
                  <span className="text-[0.8125rem] text-ink-soft">{readable(statusReason)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </>
  );
}
