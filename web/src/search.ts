import { companyTabs, invoiceTabs, setupSteps } from './paths.ts';
import type { AuditQuery, CompanyTab, InvoiceTab, SetupStep } from './paths.ts';
import { invoiceForms, invoiceSorts, invoiceViews, sortWays } from './invoice-views.ts';
import type { InvoiceForm, InvoiceSort, InvoiceView, SortWay } from './invoice-views.ts';
import { liveSteps, liveWays } from './live-views.ts';
import type { LiveNarrowing } from './live-views.ts';
import { fieldRules } from './rules/rule-words.ts';
import type { FieldRule } from './graphql/generated/graphql.ts';
import { conflictOrders, conflictViews } from './conflict-views.ts';
import type { ConflictOrderName, ConflictView } from './conflict-views.ts';
import { deadLetterViews, narrowableDirections, narrowableSafeties } from './dead-letter-views.ts';
import type { DeadLetterView } from './dead-letter-views.ts';
import { driftKinds, driftStatuses } from './drift-views.ts';
import { runViews } from './run-views.ts';
import type { RunView } from './run-views.ts';
import type {
  Direction,
  DriftKind,
  DriftStatus,
  ReplaySafety,
} from './graphql/generated/graphql.ts';

/** What may stand behind the question mark of any page. */
type CommonSearch = { readonly company?: string };

/** Narrowing and order of the invoice list, and the invoice looked at beside it. */
export type InvoicesSearch = CommonSearch & {
  readonly view: InvoiceView;
  readonly text?: string;
  readonly sort: InvoiceSort;
  readonly way: SortWay;
  readonly form: InvoiceForm;
  /** The invoice in the side panel. */
  readonly row?: string;
  /** Where the page of the plain table begins. */
  readonly after?: string;
};

/** What the invoice page shows. */
export type InvoiceSearch = CommonSearch & {
  readonly tab: InvoiceTab;
  readonly event?: string;
  /** Shows the crossing with this correlation id. */
  readonly correlation?: string;
};

/** Narrowing of the conflict list; `field` holds the words for `path`. */
export type ConflictsSearch = CommonSearch & {
  readonly view: ConflictView;
  readonly by: ConflictOrderName;
  readonly path?: string;
  readonly field?: string;
};

/** Narrowing of the tail. */
export type LiveSearch = CommonSearch & LiveNarrowing;

/** What of the queue is shown. */
export type WorkSearch = CommonSearch & { readonly item?: string };

/** Narrowing of the dead letters; `bulk` is a replay of many that is watched. */
export type DeadLettersSearch = CommonSearch & {
  readonly view: DeadLetterView;
  /** Only this shared cause. */
  readonly cause?: string;
  readonly safety?: ReplaySafety;
  readonly direction?: Direction;
  readonly bulk?: string;
};

/** Which runs are listed. */
export type ReconcileSearch = CommonSearch & { readonly runs: RunView };

/** Narrowing of the drifts of a run; `bulk` is a repair of many that is watched. */
export type ReconcileRunSearch = CommonSearch & {
  readonly status?: DriftStatus;
  readonly kind?: DriftKind;
  readonly bulk?: string;
};

/** Period of an evidence page, as issue dates. */
export type EvidenceSearch = CommonSearch & { readonly from?: string; readonly to?: string };

/** Rules of one company; `edit` is the pattern of the rule that is open, `rule` what it would become. */
export type RulesSearch = CommonSearch & { readonly edit?: string; readonly rule?: FieldRule };

/** What the page of a company shows. */
export type CompanySearch = CommonSearch & { readonly tab: CompanyTab };

/** Where setting a company up stands; without a step, where it was left. */
export type SetupSearch = CommonSearch & { readonly step?: SetupStep };

type RawSearch = Record<string, unknown>;

const words = (search: RawSearch, name: string): string | undefined => {
  const value = search[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const oneOf = <Name extends string>(names: readonly [Name, ...Name[]], value: unknown): Name =>
  names.find((name) => name === value) ?? names[0];

/** Keeps only what is set, since an absent value and `undefined` are not the same. */
const optional = <Name extends string>(search: RawSearch, name: Name): { [K in Name]?: string } => {
  const value = words(search, name);
  const result: { [K in Name]?: string } = {};
  if (value !== undefined) result[name] = value;
  return result;
};

/** Unknown values fall back to the first view, so an old address still opens. */
export function readInvoicesSearch(search: RawSearch): InvoicesSearch {
  return {
    ...optional(search, 'company'),
    ...optional(search, 'text'),
    ...optional(search, 'row'),
    ...optional(search, 'after'),
    view: oneOf(invoiceViews, search['view']),
    sort: oneOf(invoiceSorts, search['sort']),
    way: oneOf(sortWays, search['way']),
    form: oneOf(invoiceForms, search['form']),
  };
}

/** Likewise for the conflicts. */
export function readConflictsSearch(search: RawSearch): ConflictsSearch {
  return {
    ...optional(search, 'company'),
    ...optional(search, 'path'),
    ...optional(search, 'field'),
    view: oneOf(conflictViews, search['view']),
    by: oneOf(conflictOrders, search['by']),
  };
}

/** Likewise for the tab of an invoice. */
export function readInvoiceSearch(search: RawSearch): InvoiceSearch {
  return {
    ...optional(search, 'company'),
    ...optional(search, 'event'),
    ...optional(search, 'correlation'),
    tab: oneOf(invoiceTabs, search['tab']),
  };
}

/** Likewise for the queue of what needs a person. */
export function readWorkSearch(search: RawSearch): WorkSearch {
  return { ...optional(search, 'company'), ...optional(search, 'item') };
}

/** Likewise for the tail. */
export function readLiveSearch(search: RawSearch): LiveSearch {
  return {
    ...optional(search, 'company'),
    ...optional(search, 'text'),
    way: oneOf(liveWays, search['way']),
    only: oneOf(liveSteps, search['only']),
  };
}

const known = <Name extends string>(names: readonly Name[], value: unknown): Name | undefined =>
  names.find((name) => name === value);

const date = /^\d{4}-\d{2}-\d{2}$/;

/** Likewise for the dead letters. */
export function readDeadLettersSearch(search: RawSearch): DeadLettersSearch {
  const safety = known(narrowableSafeties, search['safety']);
  const direction = known(narrowableDirections, search['direction']);
  return {
    ...optional(search, 'company'),
    ...optional(search, 'bulk'),
    ...optional(search, 'cause'),
    ...(safety === undefined ? {} : { safety }),
    ...(direction === undefined ? {} : { direction }),
    view: oneOf(deadLetterViews, search['view']),
  };
}

/** Likewise for the list of runs. */
export function readReconcileSearch(search: RawSearch): ReconcileSearch {
  return { ...optional(search, 'company'), runs: oneOf(runViews, search['runs']) };
}

/** Likewise for a reconcile run. */
export function readReconcileRunSearch(search: RawSearch): ReconcileRunSearch {
  const status = known(driftStatuses, search['status']);
  const kind = known(driftKinds, search['kind']);
  return {
    ...optional(search, 'company'),
    ...optional(search, 'bulk'),
    ...(status === undefined ? {} : { status }),
    ...(kind === undefined ? {} : { kind }),
  };
}

/** What is no date is left out, and the page asks for one. */
export function readEvidenceSearch(search: RawSearch): EvidenceSearch {
  const { from, to } = { ...optional(search, 'from'), ...optional(search, 'to') };
  return {
    ...optional(search, 'company'),
    ...(from !== undefined && date.test(from) ? { from } : {}),
    ...(to !== undefined && date.test(to) ? { to } : {}),
  };
}

/** Likewise for the audit trail; an unknown action is left to the page, which knows them all. */
export function readAuditSearch(search: RawSearch): AuditQuery {
  return {
    ...optional(search, 'company'),
    ...optional(search, 'actor'),
    ...optional(search, 'who'),
    ...optional(search, 'action'),
    ...optional(search, 'subject'),
    ...optional(search, 'about'),
    ...optional(search, 'from'),
    ...optional(search, 'to'),
    ...optional(search, 'correlation'),
  };
}

/** Likewise for the rules. */
export function readRulesSearch(search: RawSearch): RulesSearch {
  const rule = fieldRules.find((name) => name === search['rule']);
  return {
    ...optional(search, 'company'),
    ...optional(search, 'edit'),
    ...(rule === undefined ? {} : { rule }),
  };
}

/** Likewise for a company. */
export function readCompanySearch(search: RawSearch): CompanySearch {
  return { ...optional(search, 'company'), tab: oneOf(companyTabs, search['tab']) };
}

/** Likewise for setting a company up. */
export function readSetupSearch(search: RawSearch): SetupSearch {
  const step = setupSteps.find((name) => name === search['step']);
  return { ...optional(search, 'company'), ...(step === undefined ? {} : { step }) };
}
