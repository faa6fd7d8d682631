import type { Instant } from '../brand.ts';
import type { QuietHours } from './notifications.ts';

const form = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Minutes since midnight of 'HH:MM'; null when no clock shows it. */
export function minuteOf(text: string): number | null {
  const [, hours, minutes] = form.exec(text) ?? [];
  return hours === undefined || minutes === undefined ? null : Number(hours) * 60 + Number(minutes);
}

/** Whether there is a time zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Whether nothing is sent at that moment. Hours that end where they begin are no hours. */
export function isQuiet(at: Instant, { from, until, timeZone }: QuietHours): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(until)];
  if (begin === null || end === null) throw new Error(`no quiet hours: ${from} to ${until}`);
  const minute = wallMinute(at, timeZone);
  return begin <= end ? minute >= begin && minute < end : minute >= begin || minute < end;
}

/** What the clocks on the walls there show, in minutes since midnight. */
function wallMinute(at: Instant, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
  const minute = minuteOf(shown);
  if (minute === null) throw new Error(`the clocks of ${timeZone} show ${shown}`);
  return minute;
}
