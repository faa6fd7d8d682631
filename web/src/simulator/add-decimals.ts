/** Cents are enough: both books round every total to them. */
const places = 2;

function toCents(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const cents = BigInt(whole + fraction.padEnd(places, '0').slice(0, places));
  return amount.startsWith('-') ? -cents : cents;
}

/** The sum of amounts, exactly: no float comes near money. */
export function addDecimals(amounts: readonly string[]): string {
  const cents = amounts.reduce((sum, amount) => sum + toCents(amount), 0n);
  const digits = String(cents < 0n ? -cents : cents).padStart(places + 1, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
