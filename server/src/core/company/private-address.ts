/** Networks that are nobody's on the open internet: one's own machine, one's own network, links, tests (RFC 6890, RFC 4193). */
const privateV4 = [
  [0, 8],
  [0x0a000000, 8],
  [0x64400000, 10],
  [0x7f000000, 8],
  [0xa9fe0000, 16],
  [0xac100000, 12],
  [0xc0000000, 24],
  [0xc0000200, 24],
  [0xc0a80000, 16],
  [0xc6120000, 15],
  [0xc6336400, 24],
  [0xcb007100, 24],
  [0xe0000000, 3],
] as const;

const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function parseV4(text: string): number | null {
  const parts = octets.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

const isPrivateV4 = (address: number): boolean =>
  privateV4.some(([network, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor(network / size);
  });

/** The eight groups of an IPv6 address; null when it is none. A zone counts for nothing. */
function parseV6(text: string): readonly number[] | null {
  const [bare = ''] = text.split('%');
  const dotted = bare.slice(bare.lastIndexOf(':') + 1);
  const embedded = parseV4(dotted);
  const plain =
    embedded === null
      ? bare
      : `${bare.slice(0, -dotted.length)}${Math.floor(embedded / 65_536).toString(16)}:${(embedded % 65_536).toString(16)}`;
  const [head = '', tail, ...more] = plain.split('::');
  if (more.length > 0) return null;
  const groupsOf = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  return all.every((group) => /^[\da-f]{1,4}$/i.test(group))
    ? all.map((group) => Number.parseInt(group, 16))
    : null;
}

/** Addresses that carry an IPv4 address in them lead where that one leads. */
function isPrivateV6(groups: readonly number[]): boolean {
  const [first = 0, second = 0, third = 0] = groups;
  const [sixth = 0, seventh = 0, eighth = 0] = groups.slice(5);
  const startsWithZeros = (count: number) => groups.slice(0, count).every((group) => group === 0);
  const last = seventh * 65_536 + eighth;
  if (startsWithZeros(5) && (sixth === 0xffff || sixth === 0)) return isPrivateV4(last);
  if (first === 0x64 && second === 0xff9b) return isPrivateV4(last);
  if (first === 0x2002) return isPrivateV4(second * 65_536 + third);
  const top = Math.floor(first / 256);
  return top === 0xfc || top === 0xfd || top === 0xff || (first >= 0xfe80 && first <= 0xfeff);
}

/** Whether an IP address leads to one's own machine or network; what is no address at all counts as one. */
export function isPrivateAddress(address: string): boolean {
  const v4 = parseV4(address);
  if (v4 !== null) return isPrivateV4(v4);
  const groups = parseV6(address);
  return groups === null || isPrivateV6(groups);
}

/** The IP address a host of a URL spells out; null for a name. */
function addressIn(host: string): string | null {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  return parseV4(bare) !== null || parseV6(bare) !== null ? bare : null;
}

/** Whether a host of a URL leads to one's own machine or network as far as its spelling tells. */
export function isPrivateHost(host: string): boolean {
  const address = addressIn(host);
  if (address !== null) return isPrivateAddress(address);
  const name = host.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost');
}
