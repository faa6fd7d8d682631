/** What is wrong with one field, by its place in the body (`lines[0].quantity`). */
export type FieldError = { readonly path: string; readonly message: string };

/** A refusal as RFC 9457 problem details, with the headers that belong to it. */
export type Problem = {
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly invoiceId?: string;
  readonly retryAfterSeconds?: number;
};

/** A value, or the reason why there is none. */
export type Judged<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

/** The good case of `Judged`. */
export function granted<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

const kinds = {
  'bad-request': [400, 'The request cannot be read'],
  'key-missing': [400, 'An Idempotency-Key is required'],
  unauthorized: [401, 'A valid bearer token is required'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'key-in-use': [409, 'The first request with this Idempotency-Key is still running'],
  'key-reused': [409, 'This Idempotency-Key was used for another request'],
  'reference-taken': [409, 'The externalRef belongs to another invoice'],
  'payments-forbid': [409, 'Payments forbid it'],
  'void-forbids': [409, 'The invoice is void'],
  deleted: [410, 'It has been deleted'],
  'version-moved': [412, 'The version moved'],
  'body-too-large': [413, 'The body is too large'],
  'media-type': [415, 'The content type is not supported'],
  'invalid-fields': [422, 'Fields are not valid'],
  'version-missing': [428, 'If-Match is required'],
  throttled: [429, 'Too many requests'],
  'internal-error': [500, 'The system failed'],
  unavailable: [503, 'The system is not available'],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemKind = keyof typeof kinds;

/** The bad case of `Judged`, by kind. */
export function refused(
  kind: ProblemKind,
  detail: string,
  more: Pick<Problem, 'errors' | 'invoiceId' | 'retryAfterSeconds'> = {},
): { readonly ok: false; readonly problem: Problem } {
  const [status, title] = kinds[kind];
  return { ok: false, problem: { status, slug: kind, title, detail, ...more } };
}

/** 422 naming every field that is wrong. */
export function refusedFields(errors: readonly FieldError[]) {
  const detail = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return refused('invalid-fields', detail, { errors });
}

/** A problem for any status, as the fault rules ask for them. */
export function problemOfStatus(status: number, retryAfterSeconds?: number): Problem {
  const fitting = Object.entries(kinds).filter(([, [own]]) => own === status);
  const [known] = fitting.length === 1 ? fitting : [];
  const [slug, [, title]] = known ?? ['injected', [status, 'An injected fault']];
  const waitSeconds = retryAfterSeconds ?? (status === 429 || status === 503 ? 1 : undefined);
  const wait = waitSeconds === undefined ? {} : { retryAfterSeconds: waitSeconds };
  return { status, slug, title, detail: 'Injected by a fault rule.', ...wait };
}

/** The body that goes on the wire. */
export function problemBody(problem: Problem): Record<string, unknown> {
  const { status, slug, title, detail, errors, invoiceId } = problem;
  return {
    type: `/problems/${slug}`,
    title,
    status,
    detail,
    ...(errors === undefined ? {} : { errors }),
    ...(invoiceId === undefined ? {} : { invoiceId }),
  };
}

/** `['lines', 0, 'item']` as `lines[0].item`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}
