import { useId, useState } from 'react';
import {
  DeleteFieldPolicyDocument,
  UpsertFieldPolicyDocument,
} from '../graphql/generated/graphql.ts';
import type { FieldRule, PolicyPartsFragment } from '../graphql/generated/graphql.ts';
import { useAct } from '../graphql/use-act.ts';
import { readTypedDecimal } from '../format/decimal.ts';
import { canBeNearlyEqual, fieldRules, ruleWords, sayRule } from '../rules/rule-words.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { ActRefusal } from './act-refusal.tsx';
import { useRecentActions } from './recent-actions.tsx';
import { RuleRehearsal } from './rule-rehearsal.tsx';

/** What an edit of the rules came to. */
export type SwitchedOn = {
  readonly sentence: string;
  readonly bulkOperationId: string | null;
  /** Pattern of a rule that was deleted. */
  readonly deleted: string | null;
};

type EditorProps = {
  readonly company: {
    readonly id: string;
    readonly settings: { readonly undoWindowSeconds: number };
  };
  readonly pattern: string;
  readonly label: string;
  /** Null where there is no rule for the pattern yet. */
  readonly policy: PolicyPartsFragment | null;
  /** The rule that is proposed; the present one when none is. */
  readonly wanted: FieldRule | undefined;
  readonly mayChange: boolean;
  readonly onClose: () => void;
  readonly onSwitched: (switched: SwitchedOn) => void;
};

function useRuleActs({ company, pattern, label, policy, onSwitched }: EditorProps) {
  const { remember } = useRecentActions();
  const upsert = useAct(UpsertFieldPolicyDocument, ({ upsertFieldPolicy }) => upsertFieldPolicy);
  const remove = useAct(DeleteFieldPolicyDocument, ({ deleteFieldPolicy }) => deleteFieldPolicy);
  const windowWords =
    company.settings.undoWindowSeconds === 0
      ? 'It decides from now on.'
      : `It decides once the ${company.settings.undoWindowSeconds} seconds to take it back are over.`;

  const switchOn = async (rule: FieldRule, tolerance: string | null, applyToOpen: boolean) => {
    const done = await upsert.act((idempotencyKey) => ({
      input: {
        companyId: company.id,
        pattern,
        rule,
        tolerance,
        expectedVersion: policy?.version ?? null,
        applyToOpen,
        idempotencyKey,
      },
    }));
    if (done === null) return;
    remember(done.undo, 'Rule switched on');
    onSwitched({
      sentence: `${sayRule(label, rule)}. ${windowWords}`,
      bulkOperationId: done.bulkOperation?.id ?? null,
      deleted: null,
    });
  };
  const deleteRule = async (own: PolicyPartsFragment) => {
    const done = await remove.act((idempotencyKey) => ({
      input: { fieldPolicyId: own.id, expectedVersion: own.version, idempotencyKey },
    }));
    if (done === null) return;
    const sentence = `The rule for ${label} is gone (it was: ${ruleWords[own.rule].short}). The next broader one decides.`;
    onSwitched({ sentence, bulkOperationId: null, deleted: pattern });
  };
  return {
    switchOn,
    deleteRule,
    isActing: upsert.isActing || remove.isActing,
    states: [upsert.state, remove.state],
  };
}

/** A rule while it is changed: what it means, and what it would have done, before it is switched on. */
export function RuleEditor(props: EditorProps) {
  const { company, pattern, label, policy, wanted, mayChange, onClose } = props;
  const [rule, setRule] = useState<FieldRule>(wanted ?? policy?.rule ?? 'ASK');
  const [typed, setTyped] = useState(policy?.tolerance ?? '');
  const [applyToOpen, setApplyToOpen] = useState(false);
  const { switchOn, deleteRule, isActing, states } = useRuleActs(props);
  const isOffline = useStream((stream) => stream.connection === 'offline');
  const tolerance = typed.trim() === '' ? null : readTypedDecimal(typed);
  const isToleranceWrong = typed.trim() !== '' && tolerance === null;
  const isSame = policy !== null && rule === policy.rule && tolerance === policy.tolerance;
  const refusal = whyNot({ mayChange, isOffline, isSame });
  const own = policy !== null && !policy.builtIn ? policy : null;
  return (
    <form
      aria-label={`Rule for ${label}`}
      className="grid gap-4 px-4 py-4 lg:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (refusal === null && !isToleranceWrong) void switchOn(rule, tolerance, applyToOpen);
      }}
    >
      <div className="flex flex-col gap-3">
        <RuleChoice label={label} rule={rule} onChoose={setRule} />
        {canBeNearlyEqual(pattern) && (
          <Tolerance typed={typed} isWrong={isToleranceWrong} onType={setTyped} />
        )}
        <ApplyToOpen isOn={applyToOpen} isDisabled={rule === 'ASK'} onChange={setApplyToOpen} />
      </div>
      <RuleRehearsal
        input={{ companyId: company.id, pattern, rule, tolerance }}
        isLatest={rule === 'LATEST_WINS'}
      />
      <div className="flex flex-col gap-2 lg:col-span-2">
        {states.map((state, index) => (
          <ActRefusal key={index === 0 ? 'change' : 'delete'} state={state} />
        ))}
        <EditorActions
          isReady={refusal === null && !isToleranceWrong}
          isActing={isActing}
          onClose={onClose}
          onDelete={own === null || !mayChange || isOffline ? null : () => void deleteRule(own)}
        />
        {refusal !== null && <p className="text-[0.8125rem] text-ink-soft">{refusal}</p>}
      </div>
    </form>
  );
}

type ActionsProps = {
  readonly isReady: boolean;
  readonly isActing: boolean;
  readonly onClose: () => void;
  /** Null where there is nothing of the company's own to delete. */
  readonly onDelete: (() => void) | null;
};

function EditorActions({ isReady, isActing, onClose, onDelete }: ActionsProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button type="submit" kind="strong" disabled={!isReady || isActing}>
        {isActing ? 'Switching…' : 'Switch it on'}
      </Button>
      <Button kind="quiet" onClick={onClose}>
        Leave it as it is
      </Button>
      {onDelete !== null && (
        <Button className="ml-auto" disabled={isActing} onClick={onDelete}>
          Delete the rule
        </Button>
      )}
    </div>
  );
}

type ApplyToOpenProps = {
  readonly isOn: boolean;
  readonly isDisabled: boolean;
  readonly onChange: (isOn: boolean) => void;
};

function ApplyToOpen({ isOn, isDisabled, onChange }: ApplyToOpenProps) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        checked={isOn}
        disabled={isDisabled}
        onChange={({ target }) => onChange(target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-ink"
      />
      <span>
        Settle the open conflicts too that it decides now
        <span className="block text-[0.8125rem] text-ink-soft">
          Each is compared again first, once the time to take the rule back is over.
        </span>
      </span>
    </label>
  );
}

type Standing = {
  readonly mayChange: boolean;
  readonly isOffline: boolean;
  readonly isSame: boolean;
};

function whyNot({ mayChange, isOffline, isSame }: Standing): string | null {
  if (!mayChange)
    return 'Changing rules needs the right ADMIN: sign in with a key that has it. The rehearsal is open to everybody.';
  if (isOffline) return 'You are offline: nothing can be changed until the connection is back.';
  return isSame ? 'This is the rule as it is.' : null;
}

type RuleChoiceProps = {
  readonly label: string;
  readonly rule: FieldRule;
  readonly onChoose: (rule: FieldRule) => void;
};

function RuleChoice({ label, rule, onChoose }: RuleChoiceProps) {
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">{label}: where both sides changed it…</legend>
      {fieldRules.map((one) => (
        <label key={one} className="flex items-start gap-2 py-0.5">
          <input
            type="radio"
            name={name}
            checked={rule === one}
            onChange={() => onChoose(one)}
            className="mt-0.5 size-4 shrink-0 accent-ink"
          />
          <span>
            <span className={rule === one ? 'font-medium' : ''}>{ruleWords[one].short}</span>
            {rule === one && (
              <span className="block text-[0.8125rem] text-ink-soft">{ruleWords[one].help}</span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

type ToleranceProps = {
  readonly typed: string;
  readonly isWrong: boolean;
  readonly onType: (typed: string) => void;
};

function Tolerance({ typed, isWrong, onType }: ToleranceProps) {
  const helpId = useId();
  return (
    <label className="text-[0.8125rem]">
      Differences up to this count as equal (empty for none)
      <input
        inputMode="decimal"
        value={typed}
        aria-invalid={isWrong}
        aria-describedby={helpId}
        onChange={({ target }) => onType(target.value)}
        className="mt-1 block h-8 w-32 rounded-md border border-line-strong/60 bg-surface px-2.5 text-sm tabular-nums"
      />
      <span id={helpId} className="text-you">
        {isWrong && 'Type a number, for example 0.05.'}
      </span>
    </label>
  );
}
