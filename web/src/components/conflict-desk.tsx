import { useRef, useState } from 'react';
import {
  chooseAll,
  choosable,
  groupsOf,
  inputOf,
  isOwn,
  nextUndecided,
  suggestedFor,
} from '../conflicts/choices.ts';
import type { Choices, ColumnChoice, FieldGroup, OwnValues } from '../conflicts/choices.ts';
import { movedSince, stillValid } from '../conflicts/moved.ts';
import type { Moved } from '../conflicts/moved.ts';
import {
  mayMakeInvoice,
  canBeRuled,
  fieldWords,
  patternOfPath,
  ruleOfChoice,
  shownLabel,
} from '../conflicts/plain-words.ts';
import { formatShare } from '../format/money.ts';
import type { ConflictDetailFragment } from '../graphql/generated/graphql.ts';
import { paths } from '../paths.ts';
import { fieldChoiceLabels } from '../state-labels.ts';
import { useStream } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';
import { useKeys, useSubmitKey } from '../ui/keys.ts';
import { AppLink } from './app-link.tsx';
import { ConflictGrid } from './conflict-grid.tsx';
import { ConflictOwnChoice } from './conflict-own-choice.tsx';
import { ConflictPreview } from './conflict-preview.tsx';
import { useSettle } from './use-settle.ts';
import { readable } from '../format/sentence.ts';

type DeskProps = {
  readonly conflict: ConflictDetailFragment;
  readonly mayDecide: boolean;
  /** Hands over the conflict as the answer of an act shows it. */
  readonly onActed: (conflict: ConflictDetailFragment) => void;
};

type Seen = {
  readonly version: number;
  readonly fields: ConflictDetailFragment['fields'];
  readonly moved: Moved | null;
};

const noCells: ReadonlySet<string> = new Set();

/** Keeps what was chosen while the invoice moves underneath, and says what moved. */
function useChoices({ version, fields }: ConflictDetailFragment) {
  const [choices, setChoices] = useState<Choices>(new Map());
  const [seen, setSeen] = useState<Seen>({ version, fields, moved: null });
  if (seen.version !== version) {
    const moved = movedSince(seen.fields, fields);
    setSeen({ version, fields, moved });
    setChoices(stillValid(choices, fields, moved));
  }
  return { choices, setChoices, moved: seen.moved };
}

/** What the keys and the buttons of the desk do. */
function useDesk({ conflict, mayDecide, onActed }: DeskProps) {
  const { choices, setChoices, moved } = useChoices(conflict);
  const [note, setNote] = useState('');
  const [currentPath, setCurrentPath] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  const { state, settle } = useSettle(conflict, onActed);
  const isOffline = useStream((stream) => stream.connection === 'offline');

  const groups = groupsOf(conflict.fields);
  const decidable = choosable(groups);
  const isTyping = [...choices.values()].some(isOwn);
  // A whole invoice is not made by one press: what would be written is looked at first.
  const isOneClick = decidable.length === 1 && !isTyping && !decidable.some(mayMakeInvoice);
  const undecided = nextUndecided(groups, choices);
  const current = decidable.find(({ lead }) => lead.path === currentPath) ?? undecided;
  const refusal = whyNot({ mayDecide, isOffline, isHopeless: decidable.length === 0 });
  const isDisabled = refusal !== null || state.kind === 'settling';

  const send = (made: Choices) => {
    if (!isDisabled && nextUndecided(groups, made) === undefined)
      void settle(inputOf(groups, made), note);
  };
  /** One decision settles at once; the undo window is its way back. */
  const make = (made: Choices) => {
    if (isDisabled) return;
    setChoices(made);
    if (isOneClick) send(made);
  };
  /** What is typed waits for Settle: it is not whole with its first letter. */
  const chooseOwn = ({ lead }: FieldGroup, values: OwnValues) =>
    setChoices(new Map([...choices, [lead.path, values]]));
  const choose = ({ lead, allowed }: FieldGroup, choice: ColumnChoice): Choices => {
    if (!allowed.includes(choice)) return choices;
    const made = new Map([...choices, [lead.path, choice] as const]);
    make(made);
    return made;
  };
  const chooseByKey = (choice: ColumnChoice | undefined) => {
    if (current === undefined || choice === undefined || isDisabled) return;
    const group = nextUndecided(groups, choose(current, choice)) ?? current;
    setCurrentPath(group.lead.path);
    if (!isOneClick) focusOnField(form.current, group.lead.path);
  };
  const chooseEach = (choice: ColumnChoice) => make(chooseAll(groups, choices, choice));
  const suggest = () => chooseByKey(current && suggestedFor(current));
  const submit = () => send(choices);

  return {
    form,
    groups,
    choices,
    moved,
    note,
    setNote,
    setCurrentPath,
    state,
    isOneClick,
    isComplete: undecided === undefined,
    current,
    refusal,
    isDisabled,
    isTyping,
    choose,
    chooseOwn,
    settleNow: make,
    chooseByKey,
    chooseEach,
    suggest,
    submit,
  };
}

type Desk = ReturnType<typeof useDesk>;

function focusOnField(form: HTMLFormElement | null, path: string) {
  const field = form?.querySelector(`[data-field="${CSS.escape(path)}"]`);
  const pick = field?.querySelector<HTMLInputElement>('input:checked:not(:disabled)');
  (pick ?? field?.querySelector<HTMLInputElement>('input:not(:disabled)'))?.focus();
}

function useDeskKeys({ chooseByKey, chooseEach, suggest, submit }: Desk) {
  useKeys({
    '1': () => chooseByKey('KEEP_INTERNAL'),
    '2': () => chooseByKey('KEEP_QUICKBOOKS'),
    '0': () => chooseByKey('KEEP_BASE'),
    'Shift 1': () => chooseEach('KEEP_INTERNAL'),
    'Shift 2': () => chooseEach('KEEP_QUICKBOOKS'),
    s: suggest,
  });
  useSubmitKey(submit);
}

/** Where an open conflict is decided. */
export function ConflictDesk(props: DeskProps) {
  const { conflict } = props;
  const desk = useDesk(props);
  useDeskKeys(desk);
  const { groups, choices, moved, refusal, state } = desk;
  return (
    <form
      ref={desk.form}
      aria-label="Decision"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        desk.submit();
      }}
    >
      <div
        role="status"
        className="rounded-md bg-us-soft px-3 py-2 empty:hidden"
        data-moved-sentence
      >
        {moved?.sentence}
      </div>
      <div className="rounded-lg border border-line bg-surface shadow-panel">
        <ConflictGrid
          groups={groups}
          merged={conflict.mergedFields}
          choices={choices}
          movedCells={moved?.cells ?? noCells}
          isOneClick={desk.isOneClick}
          isDisabled={desk.isDisabled}
          onChoose={desk.choose}
          onCurrent={({ lead }) => desk.setCurrentPath(lead.path)}
          ownOf={(group) => (
            <ConflictOwnChoice
              group={group}
              chosen={choices.get(group.lead.path)}
              conflict={conflict}
              isOneClick={desk.isOneClick}
              isDisabled={desk.isDisabled}
              onChoose={(values) => desk.chooseOwn(group, values)}
              onSettle={(values) =>
                desk.settleNow(new Map([...choices, [group.lead.path, values]]))
              }
            />
          )}
        />
      </div>
      <Advice group={desk.current} onUse={desk.suggest} isDisabled={desk.isDisabled} />
      <RuleOffer conflict={conflict} group={desk.current} choices={choices} />
      <ConflictPreview
        key={conflict.version}
        id={conflict.id}
        choices={inputOf(groups, choices)}
        isComplete={desk.isComplete}
      />
      {refusal !== null && <p className="rounded-md bg-raised px-3 py-2">{refusal}</p>}
      {state.kind === 'refused' && (
        <p role="alert" className="rounded-md bg-you-soft px-3 py-2">
          {state.sentence}
        </p>
      )}
      <DeskActions desk={desk} />
    </form>
  );
}

function DeskActions({ desk }: { readonly desk: Desk }) {
  const { isOneClick, isDisabled, isComplete, state, note, setNote, chooseEach } = desk;
  return (
    <div className="flex flex-wrap items-end gap-3">
      {!isOneClick && (
        <>
          <Button disabled={isDisabled} onClick={() => chooseEach('KEEP_INTERNAL')}>
            All internal <kbd aria-hidden="true">⇧1</kbd>
          </Button>
          <Button disabled={isDisabled} onClick={() => chooseEach('KEEP_QUICKBOOKS')}>
            All QuickBooks <kbd aria-hidden="true">⇧2</kbd>
          </Button>
        </>
      )}
      <label className="min-w-48 flex-1 text-[0.8125rem] text-ink-soft">
        Note, kept in the audit trail (optional)
        <input
          value={note}
          maxLength={noteMax}
          onChange={(event) => setNote(event.target.value)}
          className="mt-1 block h-8 w-full rounded-md border border-line-strong/60 bg-surface px-2.5 text-ink"
        />
      </label>
      {!isOneClick && (
        <Button
          type="submit"
          kind="strong"
          className="min-w-28 justify-center"
          disabled={isDisabled || !isComplete}
          aria-keyshortcuts="Control+Enter Meta+Enter"
        >
          {state.kind === 'settling' ? 'Settling…' : 'Settle'} <kbd aria-hidden="true">⌘↵</kbd>
        </Button>
      )}
    </div>
  );
}

const noteMax = 1_000;

type Standing = {
  readonly mayDecide: boolean;
  readonly isOffline: boolean;
  readonly isHopeless: boolean;
};

function whyNot({ mayDecide, isOffline, isHopeless }: Standing): string | null {
  if (!mayDecide) return 'Deciding needs the right OPERATE. Whoever has ADMIN can give it.';
  if (isOffline) return 'You are offline: nothing can be decided until the connection is back.';
  if (isHopeless)
    return 'Nothing can be chosen here: put it right in the system where it was made, and the conflict ends by itself.';
  return null;
}

type RuleOfferProps = {
  readonly conflict: ConflictDetailFragment;
  readonly group: FieldGroup | undefined;
  readonly choices: Choices;
};

/** Whoever decides the same again and again may say it once; the rule is rehearsed before it is switched on. */
function RuleOffer({ conflict, group, choices }: RuleOfferProps) {
  if (group === undefined || !canBeRuled(group.lead)) return null;
  const chosen = choices.get(group.lead.path);
  const rule = ruleOfChoice(chosen === undefined || isOwn(chosen) ? suggestedFor(group) : chosen);
  return (
    <p className="text-[0.8125rem]">
      <AppLink
        href={paths.rules({
          company: conflict.invoice.company.id,
          edit: patternOfPath(group.lead.path),
          ...(rule === null ? {} : { rule }),
        })}
        className="underline underline-offset-4"
      >
        Make it a rule for {fieldWords(group.lead)}…
      </AppLink>{' '}
      <span className="text-ink-soft">It is tried on past conflicts first.</span>
    </p>
  );
}

type AdviceProps = {
  readonly group: FieldGroup | undefined;
  readonly onUse: () => void;
  readonly isDisabled: boolean;
};

function Advice({ group, onUse, isDisabled }: AdviceProps) {
  const choice = group && suggestedFor(group);
  const advice = group?.lead.suggestion;
  if (!choice || !advice) return null;
  return (
    <p className="flex flex-wrap items-center gap-2">
      <span>
        Suggested for {shownLabel(group.lead)}: <strong>{fieldChoiceLabels[choice]}</strong>.{' '}
        {readable(advice.reason)}{' '}
        {advice.agreement !== null &&
          `People chose so in ${formatShare(advice.agreement)} of like cases.`}
      </span>
      <Button onClick={onUse} disabled={isDisabled} aria-keyshortcuts="s">
        Use suggestion <kbd aria-hidden="true">S</kbd>
      </Button>
    </p>
  );
}
