import { preferredTimeZone } from './preferred.ts';
import { rememberFormat } from './remember.ts';

const dateFormat = rememberFormat<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>(
  (locale, options) => new Intl.DateTimeFormat(locale, options),
);

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A calendar date has no zone: it must read the same wherever the reader is. */
export function formatDate(date: string, locale?: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (match === null) return date;
  const [, year, month, dayOfMonth] = match.map(Number);
  const instant = Date.UTC(year ?? 0, (month ?? 1) - 1, dayOfMonth);
  return dateFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(instant);
}

type InstantOptions = { readonly locale?: string; readonly timeZone?: string };

function formatInstant(
  instant: string,
  { locale, ...zone }: InstantOptions,
  options: Intl.DateTimeFormatOptions,
): string {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return instant;
  const timeZone = zone.timeZone ?? preferredTimeZone();
  return dateFormat(locale, { ...options, ...(timeZone && { timeZone }) }).format(ms);
}

const clock = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
} as const;

/** 09:41:07 in the reader's zone, always 24 hours, so that columns line up. */
export function formatTime(instant: string, options: InstantOptions = {}): string {
  return formatInstant(instant, options, clock);
}

/** 09:41:07.120, for times that belong next to log lines. */
export function formatTimeExact(instant: string, options: InstantOptions = {}): string {
  return formatInstant(instant, options, { ...clock, fractionalSecondDigits: 3 });
}

/** 22 Nov 2026, 09:41:07. */
export function formatDateTime(instant: string, options: InstantOptions = {}): string {
  return formatInstant(instant, options, {
    ...clock,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

/** Time spent, in the two largest units that say something: 840 ms, 3.1 s, 2 min 10 s, 2 h 10 min, 3 d 4 h. */
export function formatDuration(ms: number): string {
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < 10 * second) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return twoUnits(ms, minute, 'min', second, 's');
  if (ms < day) return twoUnits(ms, hour, 'h', minute, 'min');
  return twoUnits(ms, day, 'd', hour, 'h');
}

/** How long the oldest of what waits has waited; none when nothing does. */
export const formatWait = (seconds: number): string =>
  seconds === 0 ? 'none' : formatDuration(seconds * second);

function twoUnits(ms: number, big: number, bigName: string, small: number, smallName: string) {
  const rest = Math.floor((ms % big) / small);
  const head = `${Math.floor(ms / big)} ${bigName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}

/** How long ago, coarse on purpose: it ticks at most once a minute after the first. */
export function formatAgo(instant: string, nowMs: number): string {
  const ms = nowMs - Date.parse(instant);
  if (Number.isNaN(ms)) return instant;
  if (ms < 5 * second) return 'just now';
  if (ms < minute) return `${Math.floor(ms / second)} s ago`;
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`;
  if (ms < day) return `${Math.floor(ms / hour)} h ago`;
  return `${Math.floor(ms / day)} d ago`;
}

/** The 24 whole hours that end with the present one, so that a query's variables hold still for an hour. */
export function lastDay(nowMs: number): { readonly from: string; readonly to: string } {
  const end = Math.floor(nowMs / hour) * hour + hour;
  return { from: new Date(end - day).toISOString(), to: new Date(end).toISOString() };
}

/** First and last day of the calendar month before, in the reader's zone; dates without a time. */
export function lastMonth(nowMs: number): { readonly from: string; readonly to: string } {
  const now = new Date(nowMs);
  const first = Date.UTC(now.getFullYear(), now.getMonth() - 1, 1);
  const last = Date.UTC(now.getFullYear(), now.getMonth(), 0);
  return { from: dayOf(first), to: dayOf(last) };
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
