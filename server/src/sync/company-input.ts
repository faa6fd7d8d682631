import { isPrivateHost } from '#core/company/private-address.ts';
import type { InputProblem } from '#ports/change-requests.ts';

/** Longest that is taken, in characters, and what Standard Webhooks calls a secret, in bytes. */
const inputLimits = {
  name: 120,
  address: 2_000,
  token: 4_000,
  secretBytesMin: 16,
  secretBytesMax: 256,
} as const;

const problem = (field: string, message: string): readonly InputProblem[] => [
  { path: [field], message },
];

/** What is wrong with the name of a company. */
export function nameProblems(field: string, name: string): readonly InputProblem[] {
  const length = name.trim().length;
  return length >= 1 && length <= inputLimits.name
    ? []
    : problem(field, `Name the company in 1 to ${inputLimits.name} characters.`);
}

function parseUrl(text: string): URL | null {
  return text.length <= inputLimits.address && URL.canParse(text) ? new URL(text) : null;
}

/** What is wrong with an address we are to call; a private one is taken only where the operator says so (http.md §1). */
export function addressProblems(
  field: string,
  address: string,
  allowPrivate: boolean,
): readonly InputProblem[] {
  const url = parseUrl(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return problem(field, 'Give an address that begins with https:// or http://.');
  if (url.username !== '' || url.password !== '')
    return problem(field, 'Leave user name and password out of the address.');
  if (url.search !== '' || url.hash !== '')
    return problem(field, 'Leave what follows ? or # out of the address.');
  return !allowPrivate && isPrivateHost(url.hostname)
    ? problem(
        field,
        'This address is in a private network. Give one that is reachable from outside, or have LEDGERBRIDGE_ALLOW_PRIVATE_ADDRESSES=1 set.',
      )
    : [];
}

/** What is wrong with a bearer token: it goes into a header, so it is visible ASCII. */
export const tokenProblems = (field: string, token: string): readonly InputProblem[] =>
  token.length <= inputLimits.token && /^[!-~]+$/.test(token)
    ? []
    : problem(
        field,
        `Give the token as 1 to ${inputLimits.token} visible ASCII characters, without “Bearer”.`,
      );

/** What is wrong with a webhook secret (http.md §3, Standard Webhooks). */
export function secretProblems(field: string, secret: string): readonly InputProblem[] {
  const { secretBytesMin, secretBytesMax } = inputLimits;
  const base64 = /^whsec_([A-Za-z0-9+/]+)={0,2}$/.exec(secret)?.[1] ?? '';
  const bytes = Math.floor((base64.length * 3) / 4);
  return bytes >= secretBytesMin && bytes <= secretBytesMax
    ? []
    : problem(
        field,
        `Give the secret as “whsec_” and the base64 of ${secretBytesMin} to ${secretBytesMax} bytes.`,
      );
}
