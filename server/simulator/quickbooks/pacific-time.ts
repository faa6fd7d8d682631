/**
 * QuickBooks lives in Pacific time: it prints its offset and reads what has no zone in it
 * (quickbooks.md §2.3, §2.8).
 */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const offsetMinutesByHour = new Map<number, number>();

const pacificParts = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  timeZoneName: 'longOffset',
});

/** `2020-09-29T05:58:07-07:00`, as in MetaData: whole seconds. */
export function toPacificSeconds(instantMs: number): string {
  const { local, offset } = toPacific(Math.floor(instantMs / 1_000) * 1_000);
  return `${local.slice(0, 19)}${offset}`;
}

/** `2020-09-29T05:58:07.300-07:00`, as in the `time` of an answer. */
export function toPacificMilliseconds(instantMs: number): string {
  const { local, offset } = toPacific(instantMs);
  return `${local.slice(0, 23)}${offset}`;
}

/** The date on the server's calendar, the default of TxnDate (quickbooks.md §2.4). */
export function toPacificDate(instantMs: number): string {
  return toPacific(instantMs).local.slice(0, 10);
}

/** A calendar date moved by whole days. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** True for a date of the calendar, `2026-02-30` is none. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Reads an instant as QuickBooks does: with no zone it is Pacific. A `+` that was not encoded arrives as a space,
 * and then it is no instant at all (quickbooks.md §8.16). Undefined when it cannot be read.
 */
export function parseInstant(text: string): number | undefined {
  const match = instantPattern.exec(text);
  const date = match?.[1];
  if (date === undefined || !isDate(date)) return undefined;

  const time = match?.[2] ?? '00:00:00';
  const zone = match?.[3];
  const instantMs = Date.parse(`${date}T${time}${zone ?? 'Z'}`);
  if (Number.isNaN(instantMs)) return undefined;
  return zone === undefined ? fromPacificLocal(instantMs) : instantMs;
}

function fromPacificLocal(localMs: number): number {
  const guess = localMs - offsetMinutesAt(localMs) * 60_000;
  return localMs - offsetMinutesAt(guess) * 60_000;
}

function toPacific(instantMs: number): { readonly local: string; readonly offset: string } {
  const minutes = offsetMinutesAt(instantMs);
  const local = new Date(instantMs + minutes * 60_000).toISOString();
  const hours = String(Math.abs(minutes) / 60).padStart(2, '0');
  return { local, offset: `${minutes < 0 ? '-' : '+'}${hours}:00` };
}

function offsetMinutesAt(instantMs: number): number {
  const hour = Math.floor(instantMs / hourMs);
  const known = offsetMinutesByHour.get(hour);
  if (known !== undefined) return known;

  const parts = pacificParts.formatToParts(new Date(instantMs));
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT-08:00';
  const minutes = Number(name.slice(3, 6)) * 60;
  if (offsetMinutesByHour.size > 50_000) offsetMinutesByHour.clear();
  offsetMinutesByHour.set(hour, minutes);
  return minutes;
}
