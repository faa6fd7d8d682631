import type { CompanySettings } from '#core/company/company.ts';
import type { LockedRows, Refusal, RequestOutcome, Touched } from '#ports/change-requests.ts';
import type { LockedPass } from '#ports/planning-requests.ts';
import { companyAsSeen, companyChange, touchedCompany } from './administer-company.ts';
import { answerOnce, illegal, notFound, type Ask, type Desk } from './change-request.ts';
import { termsOf } from './planning-pass.ts';
import { whyNotPlanned } from './refresh-plan.ts';

export type GoLive = {
  readonly companyId: string;
  readonly expectedVersion: number;
  /** The pass that was looked at, and how many writes it showed. */
  readonly planPassId: string;
  readonly expectedWriteCount: number;
};

/**
 * Ends shadow mode: what the pass shows goes out. A link whose plan is no longer the one that was seen is planned anew and named
 * (architecture.md §5, "Shadow mode").
 */
export const goLive = (desk: Desk, ask: Ask<GoLive>): Promise<RequestOutcome> =>
  answerOnce(desk, 'goLive', ask, async (rows): Promise<Touched | Refusal> => {
    const company = await rows.company(ask.input.companyId);
    if (company === null) return notFound;
    const found = await companyAsSeen(rows, ask);
    if ('kind' in found) return found;
    const { settings, mode, name } = found.company;
    const refusal =
      whyNotPlanned(company, mode) ?? (await whyNotApproved(desk, ask.input, rows, settings));
    if (refusal !== null) return refusal;
    const { expectedWriteCount: count, planPassId } = ask.input;
    const summary = `${ask.caller.name} let ${name} go live with ${count} planned ${count === 1 ? 'write' : 'writes'}.`;
    const changes = [
      { path: 'mode', side: null, before: 'SHADOW', after: 'LIVE' },
      { path: 'planPassId', side: null, before: null, after: planPassId },
    ];
    await rows.record({
      ...companyChange(ask, found.company, summary, changes),
      planning: { kind: 'go-live', passId: planPassId },
    });
    return touchedCompany(found.company);
  });

/** Why what was seen is not what would go out. */
async function whyNotApproved(
  { digest }: Desk,
  { companyId, planPassId, expectedWriteCount }: GoLive,
  rows: LockedRows,
  settings: CompanySettings,
): Promise<Refusal | null> {
  const pass = await rows.planning.pass(planPassId);
  if (pass === null || pass.companyId !== companyId) return notFound;
  const refusal = whyNotWhole(pass);
  if (refusal !== null) return refusal;
  if ((await rows.planning.newestId(pass.companyId)) !== pass.id)
    return illegal('A newer planning pass was asked for since; look at that one.', true);
  // Asked first: a rule that takes force between the two is found by the second.
  const awaited = await rows.planning.awaitedRule(pass.companyId);
  if (awaited !== null)
    return illegal(
      `The rule for ${awaited.pattern} changes in ${secondsOf(awaited.inMs)} s, and nothing was planned under it; take the change back, or wait and plan anew.`,
      true,
    );
  const rules = await rows.rulesInForce(pass.companyId);
  if (termsOf(digest, settings, rules) !== pass.terms)
    return illegal(
      'Settings or field rules changed since this was planned; plan anew and look again.',
      true,
    );
  if (pass.writeCount === expectedWriteCount) return null;
  const message = `The pass holds ${pass.writeCount} ${pass.writeCount === 1 ? 'write' : 'writes'}, not ${expectedWriteCount}; look again.`;
  const mismatch = illegal(message, true, 'COUNT_MISMATCH');
  return { ...mismatch, currentCount: pass.writeCount };
}

const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

const notWhole = {
  QUEUED: 'This planning pass has not begun yet; wait until it is whole.',
  RUNNING: 'This planning pass is still under way; wait until it is whole.',
  FAILED: 'This planning pass could not finish; plan anew.',
  SUPERSEDED: 'A newer planning pass took the place of this one; look at that one.',
} as const satisfies Record<Exclude<LockedPass['status'], 'WHOLE'>, string>;

const whyNotWhole = ({ status }: LockedPass): Refusal | null =>
  status === 'WHOLE' ? null : illegal(notWhole[status], true);
