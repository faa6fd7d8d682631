/** How this person wants numbers and times written; undefined is as the browser has it. */
type PreferredFormats = {
  readonly locale?: string | undefined;
  readonly timeZone?: string | undefined;
};

let preferred: PreferredFormats = {};

/** Holds for everything formatted from now on. */
export function setPreferredFormats(formats: PreferredFormats): void {
  preferred = formats;
}

/** A BCP 47 tag, or undefined. */
export const preferredLocale = (): string | undefined => preferred.locale;

/** An IANA zone, or undefined. */
export const preferredTimeZone = (): string | undefined => preferred.timeZone;
