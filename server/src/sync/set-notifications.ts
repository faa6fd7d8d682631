import { notificationKinds, type Notifications } from '#core/notification/notifications.ts';
import { isTimeZone, minuteOf } from '#core/notification/quiet-hours.ts';
import type { InputProblem, RequestOutcome } from '#ports/change-requests.ts';
import { companyAsSeen, companyChange, differences, touchedCompany } from './administer-company.ts';
import { answerOnce, type Ask, type Desk } from './change-request.ts';
import { addressProblems } from './company-input.ts';

export type SetNotifications = {
  readonly companyId: string;
  readonly expectedVersion: number;
  /** What is left out stays. */
  readonly notifications: Partial<Notifications>;
};

const notificationLimits = { emails: 20, emailLength: 254, digestMinutes: 1440 } as const;

/** Plain enough to be mailed to; whether somebody reads it only a message can tell. */
const emailForm = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/;

/** Changes what people of a company are told about, and how. A new address to post to comes with a new secret, shown this once. */
export async function setNotifications(
  desk: Desk,
  ask: Ask<SetNotifications>,
): Promise<RequestOutcome> {
  const secret = desk.keys.signingSecret();
  let isNew = false;
  const outcome = await answerOnce(desk, 'setNotifications', ask, async (rows) => {
    const wanted = inOrder(ask.input.notifications);
    const issues = problemsWith(wanted, desk.administration.allowPrivateAddresses);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const found = await companyAsSeen(rows, ask);
    if ('kind' in found) return found;
    const { company } = found;
    const changes = differences('notifications', company.notifications, wanted);
    isNew = isNewAddress(wanted, company.notifications);
    if (changes.length > 0) {
      const summary = `${ask.caller.name} changed what people of ${company.name} are told about.`;
      const sealed = isNew ? { notificationSecret: desk.administration.secrets.seal(secret) } : {};
      const change = { notifications: wanted, ...sealed };
      await rows.record(companyChange(ask, company, summary, changes, change));
    }
    return touchedCompany(company);
  });
  return outcome.kind === 'done' && !outcome.replayed && isNew ? { ...outcome, secret } : outcome;
}

const isNewAddress = ({ webhookUrl }: Partial<Notifications>, before: Notifications): boolean =>
  typeof webhookUrl === 'string' && webhookUrl !== before.webhookUrl;

/** Each address and each kind once. */
const inOrder = ({ emails, kinds, ...rest }: Partial<Notifications>): Partial<Notifications> => ({
  ...rest,
  ...(emails === undefined ? {} : { emails: [...new Set(emails.map((email) => email.trim()))] }),
  ...(kinds === undefined
    ? {}
    : { kinds: notificationKinds.filter((kind) => kinds.includes(kind)) }),
});

function problemsWith(
  { emails, webhookUrl, digestMinutes, quietHours }: Partial<Notifications>,
  allowPrivate: boolean,
): readonly InputProblem[] {
  const { emails: emailsMax, emailLength, digestMinutes: minutesMax } = notificationLimits;
  const problems: InputProblem[] = [];
  if (emails !== undefined && emails.length > emailsMax)
    problems.push({ path: ['emails'], message: `Give at most ${emailsMax} addresses.` });
  for (const [place, email] of (emails ?? []).entries())
    if (!emailForm.test(email) || email.length > emailLength)
      problems.push({ path: ['emails', String(place)], message: 'This is no mail address.' });
  if (typeof webhookUrl === 'string')
    problems.push(...addressProblems('webhookUrl', webhookUrl, allowPrivate));
  if (digestMinutes !== undefined && (digestMinutes < 0 || digestMinutes > minutesMax))
    problems.push({ path: ['digestMinutes'], message: `Give 0 to ${minutesMax} minutes.` });
  problems.push(...quietProblems(quietHours ?? null));
  return problems;
}

function quietProblems(hours: Notifications['quietHours']): readonly InputProblem[] {
  if (hours === null) return [];
  const at = (field: string, message: string) => ({ path: ['quietHours', field], message });
  const { from, until, timeZone } = hours;
  return [
    ...(minuteOf(from) === null ? [at('from', 'Give a time of day, like “22:00”.')] : []),
    ...(minuteOf(until) === null ? [at('until', 'Give a time of day, like “07:00”.')] : []),
    ...(from === until ? [at('until', 'Quiet hours end at another time than they begin.')] : []),
    ...(isTimeZone(timeZone)
      ? []
      : [at('timeZone', 'There is no such time zone. Give a name like “Europe/Vienna”.')]),
  ];
}
