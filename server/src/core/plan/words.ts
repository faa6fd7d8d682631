import type { GroupMerge } from '../merge/merge-invoice.ts';

/** Words for a group of fields, as a bookkeeper says them. */
const groupWords: Readonly<Record<string, string>> = {
  existence: 'whether it stands or is void',
  number: 'the number',
  customer: 'the customer',
  issueDate: 'the dates',
  billEmail: 'the e-mail address',
  billTo: 'the billing address',
  taxInclusive: 'whether amounts contain tax',
  poNumber: 'the purchase order number',
  customerMemo: 'the note to the customer',
  privateNote: 'the private note',
  discount: 'the discount',
  amount: 'a line',
  description: 'a line’s text',
  taxCode: 'a line’s tax code',
  serviceDate: 'a line’s service date',
  line: 'the set of lines',
  taxTotal: 'the tax',
};

/** 'the dates and a line', each said once. */
export function wordsFor(merges: readonly Pick<GroupMerge, 'group'>[]): string {
  const words = [...new Set(merges.map((merge) => groupWords[merge.group] ?? merge.group))];
  const last = words.pop();
  if (last === undefined) return 'nothing';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}
