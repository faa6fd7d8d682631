import { compact, type Json, type JsonObject } from './json.ts';
import { toPacificMilliseconds } from './pacific-time.ts';
import { escapeXml, toWireJson, toWireXml } from './wire.ts';

/** The Message of every code the simulator gives, and what else differs from the ordinary (quickbooks.md §4.2). */
const messages: Readonly<Record<string, string>> = {
  '100': 'General Authentication Error',
  '120': 'Authorization Failure',
  '140': 'Company Locked Out',
  '150': 'Company Under Maintenance',
  '500': 'Unsupported Operation',
  '600': 'Duplicate Request ID',
  '610': 'Object Not Found',
  '620': 'Transaction could not be linked',
  '800': 'Cannot delete object',
  '1040': 'Batch size exceeds allowed limit',
  '2010': 'Request has invalid or unsupported property',
  '2020': 'Required param missing, need to supply the required value for the API',
  '2030': 'Invalid ID',
  '2040': 'Invalid String',
  '2050': 'String length is either shorter or longer than supported by specification',
  '2060': 'Invalid Date Format',
  '2090': 'Invalid Number',
  '2130': 'Invalid Request Id Format',
  '2170': 'Invalid Enumeration',
  '2210': 'Invalid Email Address format',
  '2230': 'Invalid Boolean',
  '2290': 'Negative Amount',
  '2500': 'Invalid Reference Id',
  '4000': 'Error parsing query',
  '4001': 'Invalid query',
  '4002': 'Error processing query',
  '5010': 'Stale Object Error',
  '6000': 'A business validation error has occurred while processing your request',
  '6070': 'Amount calculation incorrect in the request',
  '6080': 'No Name Provided',
  '6090': 'Discount Line missing required info',
  '6100': 'Invalid Line TaxCode in the request',
  '6140': 'Duplicate Document Number Error',
  '6170': 'Invalid TxnTaxDetail Error',
  '6180': 'Sub Level Limit',
  '6190': 'Invalid Company Status',
  '6200': 'Account Period Closed Error',
  '6210': 'Account Period Closed Required Password Error',
  '6220': 'Delete Entity Has Balance Error',
  '6240': 'Duplicate Name Exists Error',
  '6250': 'Invalid Sales Customer',
  '6480': 'Transaction has been matched to a bank transaction',
  '6540': 'Deposited Transaction cannot be changed',
  '10000': 'An application error has occurred while processing your request',
  '10200': 'Company has been reset',
};

const types: Readonly<Record<string, string>> = {
  '100': 'AuthenticationFault',
  '120': 'AuthorizationFault',
  '140': 'SystemFault',
  '150': 'SystemFault',
  '4002': 'Service',
  '10000': 'SystemFault',
  '10200': 'SystemFault',
};

/** An error as QuickBooks states it. Thrown, because it ends the request it happens in and undoes its changes. */
export class QuickBooksFault extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  /** May be missing, empty or a field name; recorded faults show all three (quickbooks.md §4.2). */
  readonly element: string | undefined;
  readonly type: string;

  constructor(code: string, detail?: string, element?: string, status = 400) {
    super(messages[code] ?? 'An application error has occurred while processing your request');
    this.name = 'QuickBooksFault';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.element = element;
    this.type = types[code] ?? 'ValidationFault';
  }
}

/** Throws a fault; an expression, so that `?? refuse(…)` reads well. */
export function refuse(code: string, detail?: string, element?: string): never {
  throw new QuickBooksFault(code, detail, element);
}

/** The detail recorded for 610 and 2500 when the object is there but inactive (quickbooks.md §4.2). */
export const inactiveDetail =
  "Something you're trying to use has been made inactive. Check the fields with accounts, customers, items, vendors or employees.";

/** The object was never there, was deleted, or is inactive: one code for all three. */
export function objectNotFound(): QuickBooksFault {
  return new QuickBooksFault('610', `Object Not Found : ${inactiveDetail}`, '');
}

/** Somebody else was faster; the recorded text names that person. */
export function staleObject(person = 'Another user'): QuickBooksFault {
  const story = `You and ${person} were working on this at the same time. ${person} finished before you did, so your work was not saved.`;
  return new QuickBooksFault('5010', `Stale Object Error : ${story}`, '');
}

/** A parameter that must be there. */
export function missing(parameter: string): QuickBooksFault {
  const detail = `Required parameter ${parameter} is missing in the request`;
  return new QuickBooksFault('2020', detail, parameter);
}

/** The `Fault` object alone, as a batch item carries it. */
export function toFaultObject(fault: QuickBooksFault): JsonObject {
  const error = compact({
    Message: fault.message,
    Detail: fault.detail,
    code: fault.code,
    element: fault.element,
  });
  return { Error: [error], type: fault.type };
}

/** An answer ready to be sent. */
export type Answer = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The ordinary error answer: JSON without a charset, or XML for callers that did not ask for JSON. */
export function toFaultAnswer(fault: QuickBooksFault, nowMs: number, wantsXml = false): Answer {
  const time = toPacificMilliseconds(nowMs);
  if (wantsXml) return toXmlFaultAnswer(fault, time);
  const body = toWireJson({ Fault: toFaultObject(fault), time });
  return { status: fault.status, contentType: 'application/json', body };
}

function toXmlFaultAnswer(fault: QuickBooksFault, time: string): Answer {
  const element = fault.element === undefined ? '' : ` element="${escapeXml(fault.element)}"`;
  const detail = fault.detail === undefined ? '' : `<Detail>${escapeXml(fault.detail)}</Detail>`;
  const inner = `<Fault type="${fault.type}"><Error code="${fault.code}"${element}><Message>${escapeXml(fault.message)}</Message>${detail}</Error></Fault>`;
  const body = framed(inner, time);
  return { status: fault.status, contentType: 'application/xml', body };
}

/** An element inside the answer's frame; a text with dollar signs must arrive as it is. */
function framed(inner: string, time: string): string {
  return toWireXml({}, { time }).replace('</IntuitResponse>', (end) => `${inner}${end}`);
}

type GatewayError = {
  readonly status: number;
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly detail: string | null;
};

/** What stands before the data: its envelope is lower-case and its time a number (quickbooks.md §1.3). */
export const gatewayErrors = {
  expired: (detail: string | null): GatewayError => ({
    status: 401,
    code: '3200',
    name: 'AuthenticationFailed',
    type: 'AUTHENTICATION',
    detail,
  }),
  forbidden: (name: 'ApplicationAuthorizationFailed' | 'AuthorizationFailed'): GatewayError => ({
    status: 403,
    code: '3100',
    name,
    type: 'SERVICE',
    detail: null,
  }),
  throttled: (): GatewayError => ({
    status: 429,
    code: '3001',
    name: 'ThrottleExceeded',
    type: 'SERVICE',
    detail: 'The request limit was reached.  Try again later',
  }),
} as const;

function gatewayMessage({ name, code, status }: GatewayError): string {
  return `message=${name}; errorCode=${code.padStart(6, '0')}; statusCode=${status}`;
}

/** A gateway error in the lower-case JSON envelope. */
export function toGatewayAnswer(error: GatewayError, nowMs: number): Answer {
  const faultError = {
    message: gatewayMessage(error),
    detail: error.detail,
    code: error.code,
    element: null,
  };
  const envelope: Readonly<Record<string, Json>> = {
    warnings: null,
    intuitObject: null,
    fault: { error: [faultError], type: error.type },
    report: null,
    queryResponse: null,
    batchItemResponse: [],
    attachableResponse: [],
    syncErrorResponse: null,
    requestId: null,
    time: nowMs,
    status: null,
    cdcresponse: [],
  };
  const challenge = { 'www-authenticate': 'Bearer realm="Intuit", error="invalid_token"' };
  return {
    status: error.status,
    contentType: 'application/json',
    body: JSON.stringify(envelope),
    ...(error.status === 401 ? { headers: challenge } : {}),
  };
}

/** A gateway error in XML: recorded for throttling even when JSON was asked for (quickbooks.md §5). */
export function toGatewayXmlAnswer(error: GatewayError, nowMs: number): Answer {
  const detail = error.detail === null ? '' : `<Detail>${escapeXml(error.detail)}</Detail>`;
  const inner = `<Fault type="${error.type}"><Error code="${error.code}"><Message>${gatewayMessage(error)}</Message>${detail}</Error></Fault>`;
  const body = framed(inner, toPacificMilliseconds(nowMs));
  return { status: error.status, contentType: 'application/xml', body };
}

/** What a proxy in front answers: HTML whatever was asked for (quickbooks.md §2.3). */
export function toHtmlAnswer(status: number): Answer {
  const titles: Readonly<Record<number, string>> = {
    500: 'Internal Server Error',
    502: 'Bad Gateway',
    503: 'Service Unavailable',
    504: 'Gateway Time-out',
  };
  const title = `${status} ${titles[status] ?? 'Error'}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body bgcolor="white">\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { status, contentType: 'text/html', body };
}
