import { isOwn, separate } from '../conflicts/choices.ts';
import type { Chosen, FieldGroup, OwnValues } from '../conflicts/choices.ts';
import { startValues, withAmount } from '../conflicts/own-values.ts';
import type { ConflictDetailFragment } from '../graphql/generated/graphql.ts';
import { Button } from '../ui/button.tsx';
import { OwnValueFields } from './own-value.tsx';

/** Under the columns of the field, beside its name. */
const beside =
  'flex flex-col items-start gap-1 px-4 pb-2 md:-mt-1 md:ml-[calc((100%-3.5rem)/5.8)] md:pl-7';

type OwnChoiceProps = {
  readonly group: FieldGroup;
  readonly chosen: Chosen | undefined;
  readonly conflict: ConflictDetailFragment;
  readonly isOneClick: boolean;
  readonly isDisabled: boolean;
  readonly onChoose: (values: OwnValues) => void;
  /** Decides at once, where nothing else is in dispute. */
  readonly onSettle: (values: OwnValues) => void;
};

/** The way besides the columns: a value somebody types, or that two payments are not the same money. */
export function ConflictOwnChoice(props: OwnChoiceProps) {
  const { group, chosen, isOneClick, isDisabled, onSettle } = props;
  if (group.own === null) return null;
  if (group.own === 'typed') return <TypedChoice {...props} />;
  const words = 'Different money: both payments stand';
  return (
    <div className={beside}>
      {isOneClick ? (
        <Button disabled={isDisabled} onClick={() => onSettle(separate(group))}>
          {words}
        </Button>
      ) : (
        <OwnRadio {...props} words={words} isChecked={isOwn(chosen)} start={separate(group)} />
      )}
    </div>
  );
}

type OwnRadioProps = OwnChoiceProps & {
  readonly words: string;
  readonly isChecked: boolean;
  readonly start: OwnValues;
};

/** One of the same radio buttons as the columns of the field. */
function OwnRadio({ group, words, isChecked, isDisabled, start, onChoose }: OwnRadioProps) {
  return (
    <label className="inline-flex min-h-8 items-center gap-2">
      <input
        type="radio"
        name={group.lead.path}
        checked={isChecked}
        disabled={isDisabled}
        onChange={() => onChoose(start)}
        className="size-4 shrink-0 accent-ink"
      />
      {words}
    </label>
  );
}

function TypedChoice(props: OwnChoiceProps) {
  const { group, chosen, conflict, isOneClick, isDisabled, onChoose } = props;
  const { internal, company } = conflict.invoice;
  const currency = internal?.total.currency ?? null;
  const lines = internal?.lines ?? [];
  const start = () => withAmount(startValues(group, currency), lines, currency);
  const isTyping = isOwn(chosen);
  return (
    <div className={beside}>
      {isOneClick ? (
        <Button
          kind="quiet"
          className="-ml-2.5 self-start"
          disabled={isDisabled}
          onClick={() => onChoose(start())}
        >
          Another value…
        </Button>
      ) : (
        <OwnRadio {...props} words="Another value" isChecked={isTyping} start={start()} />
      )}
      {isTyping && (
        <OwnValueFields
          group={group}
          values={chosen}
          companyId={company.id}
          currency={currency}
          isDisabled={isDisabled}
          onType={(path, value) =>
            onChoose(withAmount(new Map([...chosen, [path, value]]), lines, currency))
          }
        />
      )}
    </div>
  );
}
