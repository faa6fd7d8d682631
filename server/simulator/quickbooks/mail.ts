import type { ChangeSet } from './change-set.ts';
import type { EntityName } from './entities.ts';
import { objectNotFound, refuse } from './fault-bodies.ts';
import { requireSoundFields } from './field-rules.ts';
import { objectOf, textOf, type JsonObject } from './json.ts';

const sendable: readonly EntityName[] = [
  'Invoice',
  'CreditMemo',
  'Estimate',
  'SalesReceipt',
  'Payment',
];

/** True for forms that can be sent or printed. */
export function isSendable(entity: EntityName): boolean {
  return sendable.includes(entity);
}

export type SendWish = {
  readonly entity: EntityName;
  readonly id: string;
  readonly to: string | undefined;
};

/** Sends a form: its status changes, its token only if the knob says so (quickbooks.md §7.6). */
export function sendForm(change: ChangeSet, { entity, id, to }: SendWish): JsonObject {
  const form = change.find(entity, id);
  if (form === undefined) throw objectNotFound();
  const address = to ?? textOf(objectOf(form, 'BillEmail'), 'Address');
  if (address === undefined || address === '') {
    refuse(
      '6000',
      'Business Validation Error: This transaction has no e-mail address to send it to.',
      '',
    );
  }
  requireSoundFields(change, { BillEmail: { Address: address } });
  const sent = {
    ...form,
    EmailStatus: 'EmailSent',
    BillEmail: { Address: address },
    DeliveryInfo: { DeliveryType: 'Email', DeliveryTime: change.time },
  };
  change.tell({ entity, id, operation: 'send', derived: false });
  return change.touch(entity, sent, change.behaviour.tokenOnSend);
}

/** A sheet of paper with the number on it: enough for whoever checks that a PDF came. */
export function printForm(entity: EntityName, form: JsonObject): string {
  const title = `${entity} ${textOf(form, 'DocNumber') ?? textOf(form, 'Id') ?? ''}`.replaceAll(
    /[^\w .-]/g,
    ' ',
  );
  const text = `BT /F1 24 Tf 72 720 Td (${title}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  return `${body}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
}
