import type { Instant } from '../brand.ts';
import type { Actor } from '../event/event.ts';
import type { FieldChoice } from '../merge/field-choice.ts';
import type { GroupPlace, GroupValue } from '../merge/group-value.ts';
import type { PaymentChoice } from '../payment/payment-choices.ts';

/** A value on both sides, each in its own terms. */
export type SideValues = { readonly internal: GroupValue; readonly quickbooks: GroupValue };

/** What a person chose for one disputed group. */
export type GroupDecision = GroupPlace & {
  readonly paths: readonly string[];
  readonly choice: FieldChoice;
  /** What both sides showed when it was chosen: it holds only while they still do (architecture.md §4, "Resolutions"). */
  readonly madeOn: SideValues;
  /** What both sides are to hold, where it is not the present value of one of them. */
  readonly decided: SideValues | null;
};

/** A conflict of the invoice that has not ended, as planning sees it. */
export type StandingConflict = {
  /** False while it only waits: for a decision, or for the end of the undo window. */
  readonly isInForce: boolean;
  readonly decisions: readonly GroupDecision[];
  /** What was chosen about payments; the invoice is decided without it. */
  readonly payments?: readonly PaymentChoice[];
  /** True to look at what a part of the decisions would do: the other disputed groups stay as they are. */
  readonly isPartial?: boolean;
  /** Groups that a rule had settled and a person opened again, with what both sides show since. */
  readonly reopened: readonly (GroupPlace & { readonly madeOn: SideValues })[];
};

/** What became of a decision when the invoice was planned. */
export type DecisionOutcome =
  | { readonly kind: 'none' }
  /** It still holds and waits for the end of the undo window. */
  | { readonly kind: 'waits' }
  | { readonly kind: 'taken' }
  /** What it was made on is not there any more; `kept` are the choices that still hold. */
  | {
      readonly kind: 'fell-back';
      readonly kept: readonly GroupDecision[];
      readonly because: string;
    };

/** A decision as it is kept with its conflict. */
export type Resolution = {
  readonly actor: Actor;
  readonly decidedAt: Instant;
  readonly note: string | null;
  readonly decisions: readonly GroupDecision[];
  readonly payments?: readonly PaymentChoice[];
  /** Events made for it. */
  readonly eventIds: readonly string[];
  readonly undoToken: string;
};

/** What is left of a decision that was not carried out. */
export type KeptChoices = {
  readonly decisions: readonly GroupDecision[];
  readonly because: string;
};
