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
