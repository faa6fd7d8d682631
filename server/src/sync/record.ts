import type { AuditAction, AuditChange, AuditEntry } from '#core/audit/entry.ts';
import { describeStage, type WrittenTo } from '#core/event/describe.ts';
import { nothingPlanned, planText, type LinkPlan } from '#core/onboarding/planned-entry.ts';
import type { Stage, StageMark } from '#core/event/stage.ts';
import type { Side } from '#core/side.ts';
import type {
  AttemptRecord,
  CarriedEvent,
  DecisionContext,
  Step,
  StepOutcome,
  StreamRecord,
} from '#ports/store.ts';
import { nameOf, type Crossing } from './crossing.ts';
import { contextOf } from './decision-context.ts';

/** What a step changes; everything left out stays as it is. */
export type StepParts = Partial<
  Omit<Step, 'linkId' | 'eventIds' | 'correlationId' | 'events' | 'attempt' | 'stream' | 'plan'>
> & {
  readonly marks?: readonly StageMark[];
  readonly end?: boolean;
  readonly changedPaths?: readonly string[];
  readonly attempt?: Partial<AttemptRecord>;
  readonly stream?: readonly StreamRecord[];
  /** What the link would write; nothing unless said. Kept in shadow mode, when the link comes to rest. */
  readonly linkPlan?: LinkPlan;
  /** Sides the step is about, for the sentences of its stages; QuickBooks unless said. */
  readonly writtenTo?: readonly Side[];
};

/** Records one step in one transaction; what comes back other than `done` ends the crossing here. */
export function record(crossing: Crossing, parts: StepParts): Promise<StepOutcome> {
  const { marks = [], end = false, changedPaths = [], attempt, stream = [], ...more } = parts;
  const { writtenTo = ['quickbooks'], linkPlan, ...rest } = more;
  return crossing.engine.store.recordStep(crossing.lease, {
    linkId: crossing.link.id,
    quickbooksNews: crossing.link.quickbooksNews,
    eventIds: crossing.link.events.map((event) => event.id),
    correlationId: crossing.correlationId,
    observations: [],
    newIntents: [],
    intentChanges: [],
    link: {},
    deadLetter: null,
    healsDeadLetter: false,
    conflictFields: null,
    references: [],
    audit: [],
    ...rest,
    ...planKept(crossing, parts, linkPlan),
    decisionContexts: contextsIn(crossing, attempt),
    attempt: attempt === undefined ? null : attemptOf(crossing, attempt),
    events: { marks, end, changedPaths },
    stream: [...stageStream(crossing, marks, writtenTo), ...stream],
  });
}

/** In shadow mode what a link would write stands beside it, as it was planned last; one that comes to rest otherwise writes nothing. */
function planKept(
  { company, engine }: Crossing,
  { marks = [], end = false }: StepParts,
  linkPlan: LinkPlan | undefined,
): Pick<Step, 'plan'> {
  const stage = marks.at(-1)?.stage;
  const isAtRest = end || stage === 'HELD' || stage === 'DEAD_LETTERED';
  if (company.mode !== 'SHADOW' || !isAtRest) return {};
  const leftOut = stage === 'DEAD_LETTERED' ? 'dead letter' : null;
  const plan = linkPlan ?? { ...nothingPlanned, leftOut };
  return { plan: { ...plan, hash: engine.digest.sha256(planText(plan)) } };
}

/** The context of a decision is stored with it, unless an earlier attempt took it. */
function contextsIn(
  crossing: Crossing,
  attempt: Partial<AttemptRecord> | undefined,
): readonly DecisionContext[] {
  const hash = attempt?.decision?.context ?? null;
  if (hash === null) return [];
  const context = contextOf(crossing);
  return context.hash === hash ? [context] : [];
}

const attemptOf = (crossing: Crossing, parts: Partial<AttemptRecord>): AttemptRecord => ({
  id: crossing.attemptId,
  eventId: crossing.eventId,
  number: crossing.attemptNumber,
  startedAt: crossing.startedAt,
  endedAt: null,
  outcome: null,
  decision: null,
  fault: null,
  nextAttemptAt: null,
  ...parts,
});

/**
 * Every stage of the carrying event, and the last one of each event that came along. Where events of both directions came
 * together, each is told of the write that goes its own way.
 */
function stageStream(
  crossing: Crossing,
  marks: readonly StageMark[],
  writtenTo: readonly Side[],
): readonly StreamRecord[] {
  const [carrier, ...others] = crossing.link.events;
  const last = marks.at(-1);
  if (carrier === undefined || last === undefined) return [];
  const isMixed = others.some(({ direction }) => direction !== carrier.direction);
  const told = ({ direction }: CarriedEvent): WrittenTo => ({
    sides: writtenTo,
    direction: isMixed ? direction : null,
  });
  const carried = marks.map((mark) => {
    const entry = stageEntry(crossing, carrier.id, crossing.progress.stage, mark, told(carrier));
    crossing.progress.stage = mark.stage;
    return entry;
  });
  return [
    ...carried,
    ...others.map((other) => stageEntry(crossing, other.id, other.stage, last, told(other))),
  ];
}

const stageEntry = (
  crossing: Crossing,
  eventId: string,
  from: Stage,
  mark: StageMark,
  writtenTo: WrittenTo,
): StreamRecord => ({
  type: 'STAGE_CHANGED',
  summary: describeStage(nameOf(crossing), mark.stage, mark.note, writtenTo),
  detail: { eventId, from, to: mark.stage, note: mark.note },
});

/** A stage entered now. */
export const markNow = (
  crossing: Crossing,
  stage: Stage,
  note: string | null = null,
): StageMark => ({
  stage,
  at: crossing.engine.clock.now(),
  note,
});

/** An audit entry about the invoice, made by the bridge itself. */
export function auditOf(
  crossing: Pick<Crossing, 'link' | 'correlationId'>,
  action: AuditAction,
  summary: string,
  changes: readonly AuditChange[] = [],
): AuditEntry {
  return {
    actor: { kind: 'system', name: 'worker' },
    action,
    summary,
    subject: { type: 'Invoice', id: crossing.link.id },
    linkId: crossing.link.id,
    changes,
    note: null,
    correlationId: crossing.correlationId,
  };
}

/** A claimed link with a write in doubt shows the doubt (core/link/status.ts). */
const statusWhileClaimed = ({ link }: Pick<Crossing, 'link'>): string =>
  link.openIntents.length > 0 ? 'UNCERTAIN' : 'IN_FLIGHT';

/** The move of the link's status at the end of a crossing. */
export const statusMoved = (
  crossing: Pick<Crossing, 'link' | 'correlationId'>,
  to: string,
  why: string,
): AuditEntry =>
  auditOf(crossing, 'STATE_CHANGED', why, [
    { path: 'status', side: null, before: statusWhileClaimed(crossing), after: to },
  ]);

/** Tells that the dead letter a crossing began with is over; `how` goes on after the invoice's name. */
export function deadLetterEnded(crossing: Crossing, how: string): readonly StreamRecord[] {
  const { openDeadLetterId } = crossing.link;
  if (openDeadLetterId === null) return [];
  const detail = { deadLetterId: openDeadLetterId };
  return [{ type: 'DEAD_LETTER_CHANGED', summary: `${nameOf(crossing)} ${how}`, detail }];
}
