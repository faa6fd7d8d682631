import type { FaultRule } from '../control/faults.ts';
import type { Behaviour } from './behaviour.ts';
import {
  gatewayErrors,
  QuickBooksFault,
  toFaultAnswer,
  toGatewayAnswer,
  toGatewayXmlAnswer,
  toHtmlAnswer,
  type Answer,
} from './fault-bodies.ts';

/** The code that goes with a status when a rule names none. */
const usualCodes: Readonly<Record<number, string>> = { 400: '6000', 404: '610' };

/** One call too many: a body and perhaps a Retry-After as the knobs say, for nobody knows today's (quickbooks.md §5). */
export function throttledAnswer({ behaviour, nowMs }: ThrottleKnobs): Answer {
  const error = gatewayErrors.throttled();
  const answer =
    behaviour.throttleBody === 'xml'
      ? toGatewayXmlAnswer(error, nowMs)
      : toGatewayAnswer(error, nowMs);
  const after = behaviour.throttleRetryAfter;
  return after === null ? answer : { ...answer, headers: { 'retry-after': String(after) } };
}

type ThrottleKnobs = { readonly behaviour: Behaviour; readonly nowMs: number };

/** The error a rule asks for: a status, in JSON, XML or HTML (quickbooks.md §2.3, §4.2). */
export function injectedAnswer(rule: FaultRule, nowMs: number): Answer {
  const status = rule.params.status ?? (rule.effect === 'fault-after' ? 500 : 503);
  const isProxy = status === 502 || status === 504;
  const form = rule.params.body ?? (isProxy ? 'html' : 'json');
  const answer = form === 'html' ? toHtmlAnswer(status) : structured(rule, status, form, nowMs);
  const { retryAfter } = rule.params;
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function structured(rule: FaultRule, status: number, form: 'json' | 'xml', nowMs: number): Answer {
  const gateway = gatewayError(rule, status);
  if (gateway !== undefined) {
    return form === 'xml' ? toGatewayXmlAnswer(gateway, nowMs) : toGatewayAnswer(gateway, nowMs);
  }
  const code = rule.params.code ?? usualCodes[status] ?? '10000';
  const fault = new QuickBooksFault(code, detailOf(code), elementOf(code), status);
  return toFaultAnswer(fault, nowMs, form === 'xml');
}

function gatewayError(
  rule: FaultRule,
  status: number,
): Parameters<typeof toGatewayAnswer>[0] | undefined {
  const { code } = rule.params;
  if (status === 401 && (code === undefined || code === '3200')) return gatewayErrors.expired(null);
  if (status === 403 && (code === undefined || code === '3100')) {
    return gatewayErrors.forbidden('ApplicationAuthorizationFailed');
  }
  // Throttling was 403 before December 2016 (quickbooks.md §4.2).
  if (status === 429 || code === '3001') return { ...gatewayErrors.throttled(), status };
  return undefined;
}

const details: Readonly<Record<string, string>> = {
  '100': 'AuthenticationErrorGeneral: SRV-110-Authentication Failure , statusCode: 401',
  '5010': 'Stale Object Error : You and another user were working on this at the same time.',
  '10000': 'System Failure Error: Could not find resource for relative : something went wrong.',
};

function detailOf(code: string): string {
  return details[code] ?? 'Injected by a fault rule.';
}

/** Faults that are about no document come without an element (recorded). */
function elementOf(code: string): string | undefined {
  return code === '100' || code === '10000' ? undefined : '';
}
