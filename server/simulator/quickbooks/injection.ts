import type { FaultRule } from '../control/faults.ts';
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
  const fault = new QuickBooksFault(code, detailOf(code), '', status);
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
  if (status === 429) return gatewayErrors.throttled();
  return undefined;
}

function detailOf(code: string): string {
  if (code === '5010')
    return 'Stale Object Error : You and another user were working on this at the same time.';
  return code === '10000'
    ? 'System Failure Error: something went wrong.'
    : 'Injected by a fault rule.';
}
