/** Exact arithmetic on decimal strings: the browser never turns money into a float. */

const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?$/;

type Scaled = { readonly units: bigint; readonly scale: number };

function parseDecimal(text: string): Scaled | null {
  const match = decimalPattern.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const magnitude = BigInt(whole + fraction);
  return { units: sign === '-' ? -magnitude : magnitude, scale: fraction.length };
}

function atScale({ units, scale }: Scaled, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function printDecimal(units: bigint, scale: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return scale === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-scale)}`;
}

function combine(
  left: string,
  right: string,
  operation: (a: bigint, b: bigint) => bigint,
): string | null {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  if (a === null || b === null) return null;
  const scale = Math.max(a.scale, b.scale);
  return printDecimal(operation(atScale(a, scale), atScale(b, scale)), scale);
}

/** Left minus right, exact; null when either is not a plain decimal. */
export function subtractDecimal(left: string, right: string): string | null {
  return combine(left, right, (a, b) => a - b);
}

/** Left plus right, exact; null when either is not a plain decimal. */
export function addDecimal(left: string, right: string): string | null {
  return combine(left, right, (a, b) => a + b);
}

/** The exact sum, with the most decimals any of them has; null when one is not a plain decimal. */
export function sumDecimals(values: readonly string[]): string | null {
  const parsed = values.map(parseDecimal).filter((value) => value !== null);
  if (parsed.length < values.length) return null;
  const scale = Math.max(0, ...parsed.map((value) => value.scale));
  const units = parsed.reduce((sum, value) => sum + atScale(value, scale), 0n);
  return printDecimal(units, scale);
}

/** The product, rounded half away from zero to so many places; null when either is not a plain decimal. */
export function multiplyDecimal(left: string, right: string, places: number): string | null {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  if (a === null || b === null) return null;
  const product = { units: a.units * b.units, scale: a.scale + b.scale };
  if (product.scale <= places) return printDecimal(atScale(product, places), places);
  const unit = 10n ** BigInt(product.scale - places);
  const half = product.units < 0n ? -unit / 2n : unit / 2n;
  return printDecimal((product.units + half) / unit, places);
}

/** A number as a person types it, without grouping and spaces; null when it is none. */
export function readTypedDecimal(typed: string): string | null {
  const plain = typed.replaceAll(/[\s,]/g, '');
  return decimalPattern.test(plain) ? plain : null;
}

/** True for '0', '0.00' and '-0.0'; false for anything that is not a plain decimal. */
export function isZeroDecimal(text: string): boolean {
  return parseDecimal(text)?.units === 0n;
}

/** A decimal that `Intl.NumberFormat` takes as a string, and so formats without passing through a float. */
export function isNumericLiteral(text: string): text is `${number}` {
  return decimalPattern.test(text);
}
