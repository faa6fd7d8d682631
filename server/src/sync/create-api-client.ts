import { holds, maySee, scopes, type Caller, type Scope } from '#ports/access.ts';
import type { IssuedKey } from '#ports/api-clients.ts';
import type { InputProblem, Refusal, RequestOutcome, Touched } from '#ports/change-requests.ts';
import type { LockedRows } from '#ports/change-requests.ts';
import { answerOnce, entryOf, type Ask, type Desk } from './change-request.ts';

export type CreateApiClient = {
  readonly displayName: string;
  readonly scopes: readonly Scope[];
  /** Null for all. */
  readonly companyIds: readonly string[] | null;
};

const nameLengthMax = 120;

/** Makes an API client; its key is in the answer this once and nowhere else. */
export async function createApiClient(
  desk: Desk,
  ask: Ask<CreateApiClient>,
  issued: IssuedKey,
): Promise<RequestOutcome> {
  const outcome = await answerOnce(desk, 'createApiClient', ask, (rows) =>
    create(desk, rows, ask, issued),
  );
  return outcome.kind === 'done' && !outcome.replayed
    ? { ...outcome, secret: issued.key }
    : outcome;
}

async function create(
  desk: Desk,
  rows: LockedRows,
  ask: Ask<CreateApiClient>,
  { prefix, hash }: IssuedKey,
): Promise<Touched | Refusal> {
  const { displayName, companyIds } = ask.input;
  const issues = [
    ...problemsWith(ask.input, ask.caller),
    ...(await unknownCompanies(rows, companyIds, ask.caller)),
  ];
  if (issues.length > 0) return { kind: 'invalid', issues };
  const id = desk.ids.next();
  const held = scopes.filter((scope) => ask.input.scopes.includes(scope));
  const client = { id, displayName: displayName.trim(), scopes: held, companyIds };
  const where = companyIds === null ? 'all companies' : wordsForCompanies(companyIds.length);
  const summary = `${ask.caller.name} made the API client “${client.displayName}” with ${held.join(', ')} for ${where}.`;
  const changes = [
    { path: 'scopes', side: null, before: null, after: held },
    { path: 'companies', side: null, before: null, after: companyIds },
  ];
  const subject = { type: 'ApiClient', id } as const;
  await rows.apiClients.add(
    { ...client, key: { prefix, hash } },
    entryOf(ask, 'API_CLIENT_CHANGED', summary, subject, { changes }),
  );
  return { companyId: null, subjectId: id, eventId: null, undoToken: null };
}

/** Nobody hands out more than they hold themselves. */
function problemsWith(
  { displayName, scopes: wanted, companyIds }: CreateApiClient,
  caller: Caller,
): readonly InputProblem[] {
  const problems: InputProblem[] = [];
  const name = displayName.trim();
  if (name === '' || name.length > nameLengthMax)
    problems.push({
      path: ['displayName'],
      message: `Name it in 1 to ${nameLengthMax} characters.`,
    });
  if (wanted.length === 0)
    problems.push({ path: ['scopes'], message: 'Give it at least one right.' });
  for (const scope of wanted.filter((each) => !holds(caller, each)))
    problems.push({ path: ['scopes'], message: `You do not hold ${scope} yourself.` });
  if (companyIds === null && caller.companyIds !== null)
    problems.push({
      path: ['companyIds'],
      message: 'Name the companies: you may not grant all of them.',
    });
  if (companyIds?.length === 0)
    problems.push({
      path: ['companyIds'],
      message: 'Name at least one company, or leave it out for all.',
    });
  return problems;
}

async function unknownCompanies(
  rows: LockedRows,
  companyIds: readonly string[] | null,
  caller: Caller,
): Promise<readonly InputProblem[]> {
  if (companyIds === null) return [];
  const known = new Set(await rows.apiClients.knownCompanies(companyIds));
  return companyIds.flatMap((id, place) =>
    known.has(id) && maySee(caller, id)
      ? []
      : [{ path: ['companyIds', String(place)], message: 'There is no such company.' }],
  );
}

const wordsForCompanies = (count: number): string =>
  count === 1 ? '1 company' : `${count} companies`;
