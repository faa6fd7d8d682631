import type { ReactNode } from 'react';
import { columnChoices, isOwn, valueOfChoice } from '../conflicts/choices.ts';
import type {
  Choices,
  Chosen,
  ColumnChoice,
  DisputedField,
  FieldGroup,
} from '../conflicts/choices.ts';
import { cellOf } from '../conflicts/moved.ts';
import {
  existenceText,
  isAboutExistence,
  pickWords,
  questionOf,
  shownLabel,
} from '../conflicts/plain-words.ts';
import { textChange } from '../conflicts/text-change.ts';
import type { ConflictDetailFragment } from '../graphql/generated/graphql.ts';
import { fieldChoiceLabels, fieldStateLabels } from '../state-labels.ts';
import { Button } from '../ui/button.tsx';
import { TextChange } from './text-change.tsx';
import { FieldValueText, TimeText } from './values.tsx';

/** On a narrow screen the columns of a field stand below each other, each with its name. */
const columns =
  'grid grid-cols-1 gap-x-3 gap-y-1.5 px-4 py-3 md:grid-cols-[minmax(0,1fr)_repeat(4,minmax(0,1.2fr))] md:py-2';

const hueOf = {
  KEEP_INTERNAL: 'text-internal',
  KEEP_BASE: 'text-ink',
  KEEP_QUICKBOOKS: 'text-quickbooks',
} satisfies Record<ColumnChoice, string>;

const keyOf = { KEEP_INTERNAL: '1', KEEP_BASE: '0', KEEP_QUICKBOOKS: '2' } satisfies Record<
  ColumnChoice,
  string
>;

type GridProps = {
  readonly groups: readonly FieldGroup[];
  readonly merged: ConflictDetailFragment['mergedFields'];
  readonly choices: Choices;
  readonly movedCells: ReadonlySet<string>;
  /** True when one choice decides everything: the values are buttons then. */
  readonly isOneClick: boolean;
  readonly isDisabled: boolean;
  readonly onChoose: (group: FieldGroup, choice: ColumnChoice) => void;
  readonly onCurrent: (group: FieldGroup) => void;
  /** What stands below the columns of a group, where something else than a column can be chosen. */
  readonly ownOf: (group: FieldGroup) => ReactNode;
};

/** Internal left, what was last agreed between, QuickBooks right, and what both sides will hold. */
export function ConflictGrid(props: GridProps) {
  const { groups, merged, choices } = props;
  return (
    <div className="divide-y divide-line">
      <div aria-hidden="true" className={`${columns} max-md:hidden text-xs font-semibold`}>
        <span className="text-ink-soft">Field</span>
        {columnChoices.map((choice) => (
          <span key={choice} className={hueOf[choice]}>
            <kbd className="mr-1.5 rounded border border-line bg-raised px-1 font-mono font-normal text-ink-soft">
              {keyOf[choice]}
            </kbd>
            {fieldChoiceLabels[choice]}
          </span>
        ))}
        <span>Result</span>
      </div>
      {groups.map((group) => (
        <GroupRows
          key={group.lead.path}
          {...props}
          group={group}
          choice={choices.get(group.lead.path)}
        />
      ))}
      {merged.map((field) => (
        <div key={field.path} className={`${columns} text-ink-soft`}>
          <span className="font-medium">{field.label}</span>
          <span className="md:col-span-3">
            Merged without a question. {fieldStateLabels[field.state].help}
          </span>
          <ResultCell>
            <FieldValueText
              value={field.state === 'CHANGED_IN_QUICKBOOKS' ? field.quickbooks : field.internal}
            />
          </ResultCell>
        </div>
      ))}
    </div>
  );
}

type GroupProps = GridProps & {
  readonly group: FieldGroup;
  readonly choice: Chosen | undefined;
};

function GroupRows(props: GroupProps) {
  const { group, choice, movedCells, ownOf } = props;
  const { lead, followers, allowed } = group;
  const question = questionOf(group);
  return (
    <fieldset
      data-field={lead.path}
      onFocus={() => props.onCurrent(group)}
      className="has-[:focus-visible]:bg-raised/60"
    >
      <legend className="sr-only">{shownLabel(lead)}</legend>
      {question !== null && <p className="px-4 pt-3">{question}</p>}
      <div className={columns}>
        <FieldName field={lead} />
        {columnChoices.map((column) => (
          <Cell key={column} field={lead} column={column} movedCells={movedCells}>
            {allowed.length === 0 ? (
              <CellValue field={lead} column={column} />
            ) : (
              <Pick {...props} column={column} />
            )}
          </Cell>
        ))}
        <Result field={lead} choice={choice} />
      </div>
      {followers.map((field) => (
        <div key={field.path} className={columns}>
          <FieldName field={field} />
          {columnChoices.map((column) => (
            <Cell key={column} field={field} column={column} movedCells={movedCells}>
              <span className="text-ink-soft">
                <FieldValueText value={valueOfChoice(field, column)} />
              </span>
            </Cell>
          ))}
          <Result field={field} choice={choice} follows={lead.label} />
        </div>
      ))}
      {ownOf(group)}
    </fieldset>
  );
}

/** A value of a column in the words of its field, with what changed in it where it is a text. */
function CellValue({ field, column }: Pick<CellProps, 'field' | 'column'>) {
  const value = valueOfChoice(field, column);
  if (isAboutExistence(field) && value !== null) return existenceText(value.display);
  const pieces = textChange(field, column);
  return pieces === null || value === null ? (
    <FieldValueText value={value} />
  ) : (
    <TextChange pieces={pieces} plain={value.display} />
  );
}

function FieldName({ field }: { readonly field: DisputedField }) {
  return (
    <span aria-hidden="true" className="pt-1 font-medium">
      {shownLabel(field)}
    </span>
  );
}

type CellProps = {
  readonly field: DisputedField;
  readonly column: ColumnChoice;
  readonly movedCells: ReadonlySet<string>;
  readonly children: ReactNode;
};

function Cell({ field, column, movedCells, children }: CellProps) {
  const hasMoved = movedCells.has(cellOf(field.path, column));
  return (
    <div
      data-moved={hasMoved || undefined}
      className={`min-w-0 ${hasMoved ? 'rounded-md outline-2 outline-offset-2 outline-us' : ''}`}
    >
      <span className={`text-xs md:sr-only ${hueOf[column]}`}>{fieldChoiceLabels[column]} </span>
      {children}
      <Who field={field} column={column} />
      {hasMoved && <span className="block text-xs text-us">changed just now</span>}
    </div>
  );
}

function Who({ field, column }: Pick<CellProps, 'field' | 'column'>) {
  if (column === 'KEEP_BASE') return null;
  const isInternal = column === 'KEEP_INTERNAL';
  const actor = isInternal ? field.internalActor : field.quickbooksActor;
  const at = isInternal ? field.internalChangedAt : field.quickbooksChangedAt;
  if (actor === null && at === null) return null;
  return (
    <span className="block text-xs text-ink-soft">
      {actor === null ? 'changed ' : `${actor.displayName}, `}
      {at !== null && <TimeText instant={at} />}
    </span>
  );
}

function Pick(props: GroupProps & { readonly column: ColumnChoice }) {
  const { group, choice, column, isOneClick, isDisabled, onChoose } = props;
  const { lead } = group;
  const does = pickWords(group, column);
  const value = (
    <>
      <CellValue field={lead} column={column} />
      {does !== null && <span className="block text-xs font-normal text-ink-soft">{does}</span>}
    </>
  );
  const isOff = isDisabled || !group.allowed.includes(column);
  const why = group.allowed.includes(column) ? undefined : 'The other side would not take this.';
  const words = `${shownLabel(lead)}: take ${fieldChoiceLabels[column]}`;
  if (isOneClick) {
    return (
      <Button
        className="h-auto! min-h-8 max-w-full flex-col items-start! justify-center gap-0! py-1 text-left whitespace-normal!"
        disabled={isOff}
        title={why}
        aria-keyshortcuts={keyOf[column]}
        onClick={() => onChoose(group, column)}
      >
        <span className="sr-only">{words}, </span>
        {value}
      </Button>
    );
  }
  return (
    <label
      title={why}
      className={`flex min-h-8 items-center gap-2 rounded-md border px-2 py-1 ${
        choice === column ? 'border-ink font-medium' : 'border-line-strong/60'
      } ${isOff ? 'opacity-60' : 'cursor-pointer'}`}
    >
      <input
        type="radio"
        name={lead.path}
        checked={choice === column}
        disabled={isOff}
        aria-keyshortcuts={keyOf[column]}
        onChange={() => onChoose(group, column)}
        className="size-4 shrink-0 accent-ink"
      />
      <span className="min-w-0">{value}</span>
    </label>
  );
}

type ResultProps = {
  readonly field: DisputedField;
  readonly choice: Chosen | undefined;
  readonly follows?: string;
};

function Result({ field, choice, follows }: ResultProps) {
  if (choice === undefined)
    return (
      <ResultCell>
        <span className="font-normal text-ink-soft">
          {follows === undefined ? 'not decided' : `follows ${follows}`}
        </span>
      </ResultCell>
    );
  if (!isOwn(choice))
    return (
      <ResultCell>
        <CellValue field={field} column={choice} />
      </ResultCell>
    );
  const typed = choice.get(field.path);
  return (
    <ResultCell>
      {typed?.json === undefined ? (
        <span className="font-normal text-ink-soft">not whole yet</span>
      ) : typed.json === 'SEPARATE' ? (
        'both stand'
      ) : (
        <FieldValueText value={typed.shown} />
      )}
    </ResultCell>
  );
}

function ResultCell({ children }: { readonly children: ReactNode }) {
  return (
    <output className="min-w-0 pt-1 font-semibold">
      <span className="text-xs font-normal text-ink-soft md:sr-only">Result </span>
      {children}
    </output>
  );
}
