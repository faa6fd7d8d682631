/** The only place where a plain value becomes a branded one; everywhere else the compiler keeps them apart. */

declare const brand: unique symbol;
type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };

export type CompanyId = Brand<string, 'CompanyId'>;
export type LinkId = Brand<string, 'LinkId'>;
export type EventId = Brand<string, 'EventId'>;
export type AttemptId = Brand<string, 'AttemptId'>;
export type IntentId = Brand<string, 'IntentId'>;
export type CorrelationId = Brand<string, 'CorrelationId'>;
/** Key of a line that both sides and the base share; made by the bridge, never by a side. */
export type LineKey = Brand<string, 'LineKey'>;
/** Opaque marker of a side's revision, for optimistic locking; compare only for equality. */
export type Version = Brand<string, 'Version'>;
/** Exact decimal in canonical text: no exponent, no leading or trailing zeros ('12', '0.5', '-3.25'). */
export type Decimal = Brand<string, 'Decimal'>;
/** Money amount in text with exactly the currency's decimals ('78000.00', '1200' for JPY). */
export type Amount = Brand<string, 'Amount'>;
/** ISO 4217 alphabetic code. */
export type Currency = Brand<string, 'Currency'>;
/** Calendar date without a zone, 'YYYY-MM-DD'; a due date must not move with the reader. */
export type LocalDate = Brand<string, 'LocalDate'>;
/** Milliseconds since the epoch, UTC. */
export type Instant = Brand<number, 'Instant'>;

export const toCompanyId = (text: string): CompanyId => text as CompanyId;
export const toLinkId = (text: string): LinkId => text as LinkId;
export const toEventId = (text: string): EventId => text as EventId;
export const toAttemptId = (text: string): AttemptId => text as AttemptId;
export const toIntentId = (text: string): IntentId => text as IntentId;
export const toCorrelationId = (text: string): CorrelationId => text as CorrelationId;
export const toLineKey = (text: string): LineKey => text as LineKey;
export const toVersion = (text: string): Version => text as Version;
export const toCurrency = (text: string): Currency => text as Currency;
export const toInstant = (ms: number): Instant => ms as Instant;
/** The moment so many milliseconds after. */
export const later = (instant: Instant, ms: number): Instant => toInstant(instant + ms);
/** Callers have checked the form; `parseDecimal`, `parseAmount` and `parseLocalDate` are the ways in for foreign text. */
export const brandDecimal = (text: string): Decimal => text as Decimal;
export const brandAmount = (text: string): Amount => text as Amount;
export const brandLocalDate = (text: string): LocalDate => text as LocalDate;
