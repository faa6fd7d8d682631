import type { CompanyPartsFragment } from '../graphql/generated/graphql.ts';
import { SettingCheck } from '../ui/choice-field.tsx';
import { TextField } from '../ui/field.tsx';

/** Hours of each day in which nothing is sent. */
export type Quiet = Pick<
  NonNullable<CompanyPartsFragment['notifications']['quietHours']>,
  'from' | 'until' | 'timeZone'
>;

/** What people start from: the night where they are. */
const usualNight = (): Quiet => ({
  from: '22:00',
  until: '07:00',
  timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
});

/** As the API takes them. */
export const plain = ({ from, until, timeZone }: Quiet): Quiet => ({ from, until, timeZone });

type QuietHoursProps = {
  readonly hours: Quiet | null;
  readonly onChange: (hours: Quiet | null) => void;
};

/** Whether there are quiet hours, and which. */
export function QuietHoursFields({ hours, onChange }: QuietHoursProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-[0.8125rem] font-medium">Quiet hours</legend>
      <SettingCheck
        label="Send nothing in quiet hours"
        help="What happens meanwhile is told afterwards, in one message."
        checked={hours !== null}
        onCheck={(isOn) => onChange(isOn ? usualNight() : null)}
      />
      {hours !== null && (
        <div className="grid gap-3 sm:grid-cols-3">
          <TextField
            label="From"
            type="time"
            required
            value={hours.from}
            onChange={({ target }) => onChange({ ...hours, from: target.value })}
          />
          <TextField
            label="Until"
            type="time"
            required
            value={hours.until}
            onChange={({ target }) => onChange({ ...hours, until: target.value })}
          />
          <TextField
            label="Time zone"
            required
            value={hours.timeZone}
            onChange={({ target }) => onChange({ ...hours, timeZone: target.value })}
          />
        </div>
      )}
    </fieldset>
  );
}
