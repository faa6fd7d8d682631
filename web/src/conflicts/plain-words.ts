import type { FieldRule } from '../graphql/generated/graphql.ts';
import { isAboutPayment } from './choices.ts';
import type { ColumnChoice, DisputedField, FieldGroup } from './choices.ts';

const sideOf = { KEEP_INTERNAL: 'internal invoicing', KEEP_QUICKBOOKS: 'QuickBooks' } as const;

const existenceWords: Readonly<Record<string, string>> = {
  present: 'stands',
  void: 'void',
  deleted: 'deleted',
};

const isGone = (value: DisputedField['internal']): boolean =>
  value !== null && value.display !== 'present';

/** Whether the question is if the invoice stands at all. */
export const isAboutExistence = ({ path }: DisputedField): boolean => path === 'existence';

/** The field as people call it. */
export const shownLabel = (field: Pick<DisputedField, 'path' | 'label'>): string =>
  field.path === 'existence' ? 'Gone on one side' : field.label;

/** How an invoice stands on a side, in a word. */
export const existenceText = (display: string): string => existenceWords[display] ?? display;

/** Whether both sides hold payments that could be the same money. */
const areAlike = ({ own }: FieldGroup): boolean => own === 'separate';

/** What is asked, in plain words, where the values alone would not say it; null elsewhere. */
export function questionOf(group: FieldGroup): string | null {
  const { lead } = group;
  if (isAboutExistence(lead)) return existenceQuestion(group);
  if (!isAboutPayment(lead) || lead.path.includes('].')) return null;
  if (areAlike(group))
    return 'Both sides hold a payment like this. Is it the same money, told twice, or money of its own each time?';
  if (lead.internal === null) return 'Only QuickBooks holds this payment now. Should it stand?';
  if (lead.quickbooks === null)
    return 'Only internal invoicing holds this payment now. Should it stand?';
  return null;
}

function existenceQuestion(group: FieldGroup): string {
  const { lead, allowed } = group;
  const isGoneInternally = isGone(lead.internal);
  const [there, here] = isGoneInternally
    ? ['internal invoicing', 'QuickBooks']
    : ['QuickBooks', 'internal invoicing'];
  const gone = isGoneInternally ? lead.internal : lead.quickbooks;
  const happened = `The invoice is ${existenceText(gone?.display ?? 'void')} in ${there}, and somebody changed it in ${here} since both agreed.`;
  if (allowed.length === 0)
    return `${happened} Money is applied to it or its books are closed, so the bridge does not cancel it: take the payment off first, or make it again in ${there}.`;
  const ways = mayMakeInvoice(group)
    ? `keep it by a new invoice in ${there}, or cancel it in ${here} too. The one that is gone stays as it is`
    : `cancel it in ${here} too. A new invoice in ${there} would need a number that is free there`;
  return `${happened} Neither side can bring back what is gone; what can be done is to ${ways}.`;
}

/** Whether a choice would make a whole new invoice on the side where it is gone. */
export const mayMakeInvoice = ({ lead, allowed }: FieldGroup): boolean =>
  isAboutExistence(lead) &&
  allowed.includes(isGone(lead.internal) ? 'KEEP_QUICKBOOKS' : 'KEEP_INTERNAL');

/** What taking a column does, where its value would not say it; null for an ordinary value. */
export function pickWords(group: FieldGroup, column: ColumnChoice): string | null {
  const { lead, allowed } = group;
  if (column === 'KEEP_BASE') return null;
  if (isAboutExistence(lead)) {
    const value = column === 'KEEP_INTERNAL' ? lead.internal : lead.quickbooks;
    const other = column === 'KEEP_INTERNAL' ? 'QuickBooks' : 'internal invoicing';
    if (isGone(value)) return `Cancel it in ${other} too`;
    return allowed.includes(column) ? `Keep it: make a new invoice in ${other}` : null;
  }
  if (!isAboutPayment(lead) || lead.path.includes('].')) return null;
  if (areAlike(group)) return `Same money: keep it as ${sideOf[column]} has it`;
  const value = column === 'KEEP_INTERNAL' ? lead.internal : lead.quickbooks;
  if (lead.internal !== null && lead.quickbooks !== null) return null;
  return value === null ? 'Take the payment off' : 'Keep the payment, on both sides';
}

/** A field's path with every line meant: a rule is about a field, not about one line. */
export const patternOfPath = (path: string): string => path.replace(/^lines\[[^\]]*\]/, 'lines[*]');

/** Whether there can be a rule for a field; payments and whether an invoice stands are always for a person. */
export const canBeRuled = (lead: DisputedField): boolean =>
  !isAboutPayment(lead) && !isAboutExistence(lead) && lead.path !== 'taxTotal';

/** A field without the line it stands on: "Line 2 · Quantity" is "Quantity of the lines". */
export function fieldWords({ path, label }: DisputedField): string {
  if (!path.startsWith('lines[')) return label;
  const name = label.split(' · ')[1];
  return name === undefined ? 'Lines' : `${name} of lines`;
}

/** The rule that would have chosen a column by itself; null where no rule does. */
export function ruleOfChoice(choice: ColumnChoice | undefined): FieldRule | null {
  if (choice === 'KEEP_INTERNAL') return 'INTERNAL_WINS';
  return choice === 'KEEP_QUICKBOOKS' ? 'QUICKBOOKS_WINS' : null;
}
