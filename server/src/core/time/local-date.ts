import { brandLocalDate, type LocalDate } from '../brand.ts';

const form = /^(\d{4})-(\d{2})-(\d{2})$/;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

function daysIn(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (monthDays[month - 1] ?? 0);
}

/** Reads 'YYYY-MM-DD'; null when the calendar has no such day. */
export function parseLocalDate(text: string): LocalDate | null {
  const match = form.exec(text);
  if (match === null) return null;
  const [year, month, day] = match.slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  return day >= 1 && day <= daysIn(year, month) ? brandLocalDate(text) : null;
}

/** Days from one date to another; negative when the other is earlier. Counted by the calendar, without clock or zone. */
export const daysBetween = (from: LocalDate, to: LocalDate): number =>
  dayNumber(to) - dayNumber(from);

/** Days since 0000-03-01, so that a leap day is the last of its year. */
function dayNumber(date: LocalDate): number {
  const [, year = 0, month = 0, day = 0] = (form.exec(date) ?? []).map(Number);
  const marchYear = month > 2 ? year : year - 1;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const daysBefore = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return marchYear * 365 + leapDays + daysBefore + day;
}
