/** A cell that a spreadsheet would take for a formula is told to be text. */
const formula = /^[=+\-@\t\r]/;
const number = /^-?\d+(\.\d+)?$/;

function cell(value: string): string {
  const safe = formula.test(value) && !number.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as RFC 4180 has them, with a byte order mark, so that every spreadsheet reads it as UTF-8. */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  const lines = rows.map((row) => row.map((value) => cell(String(value ?? ''))).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}
