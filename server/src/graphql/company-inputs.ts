import { builder } from './builder.ts';
import { NotificationKindEnum } from './enums/company.ts';
import { companyField, keyField, versionField } from './input-fields.ts';

export const CreateCompanyInput = builder.inputType('CreateCompanyInput', {
  description: 'Make a company from its internal books; QuickBooks is connected next.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name to show.' }),
    invoicingBaseUrl: t.string({
      required: true,
      description: 'Address of the REST contract of the internal books.',
    }),
    invoicingToken: t.string({ required: true, description: 'Bearer token for it.' }),
    invoicingWebhookSecret: t.string({
      required: true,
      description: "Secret its webhooks are signed with ('whsec_' and base64).",
    }),
    idempotencyKey: t.field(keyField),
  }),
});

export const UpdateCompanySettingsInput = builder.inputType('UpdateCompanySettingsInput', {
  description: 'Change what the bridge may do by itself; what is left out stays.',
  fields: (t) => ({
    companyId: t.id(companyField),
    expectedVersion: t.int(versionField),
    createMissingReferences: t.boolean({ description: 'Make counterparts that are missing.' }),
    importFromQuickbooks: t.boolean({ description: 'Import invoices made in QuickBooks.' }),
    goLiveDate: t.field({ type: 'Date', description: 'Leave older invoices alone.' }),
    taxVarianceTolerance: t.field({
      type: 'Decimal',
      description: 'Largest difference that tax rounding may explain.',
    }),
    undoWindowSeconds: t.int({ description: 'Seconds a decision can be undone.' }),
    markDocuments: t.boolean({ description: 'Write the marker line.' }),
    incomeAccountId: t.string({ description: 'Income account for new items.' }),
    idempotencyKey: t.field(keyField),
  }),
});

export const UpdateInvoicingEndpointInput = builder.inputType('UpdateInvoicingEndpointInput', {
  description:
    'Change where the internal books are or what signs their webhooks; what is left out stays.',
  fields: (t) => ({
    companyId: t.id(companyField),
    expectedVersion: t.int(versionField),
    baseUrl: t.string({ description: 'New address.' }),
    token: t.string({ description: 'New bearer token.' }),
    webhookSecret: t.string({
      description: 'New webhook secret; the old one goes on being accepted until overlapUntil.',
    }),
    overlapUntil: t.field({
      type: 'DateTime',
      description: 'End of the overlap; at once when left out.',
    }),
    idempotencyKey: t.field(keyField),
  }),
});

const QuietHoursInput = builder.inputType('QuietHoursInput', {
  description: 'Part of each day in which nothing is sent; it may go over midnight.',
  fields: (t) => ({
    from: t.string({ required: true, description: 'First quiet minute, HH:MM.' }),
    until: t.string({
      required: true,
      description: 'First minute that is not quiet any more, HH:MM.',
    }),
    timeZone: t.string({ required: true, description: 'IANA time zone, like Europe/Vienna.' }),
  }),
});

export const SetNotificationsInput = builder.inputType('SetNotificationsInput', {
  description: 'Change what people are told about; what is left out stays.',
  fields: (t) => ({
    companyId: t.id(companyField),
    expectedVersion: t.int(versionField),
    emails: t.stringList({ description: 'Addresses to mail to.' }),
    webhookUrl: t.string({ description: 'Address to post to; null for none.' }),
    kinds: t.field({ type: [NotificationKindEnum], description: 'Kinds to tell about.' }),
    digestMinutes: t.int({ description: 'Least minutes between two messages, 0 to 1440.' }),
    quietHours: t.field({
      type: QuietHoursInput,
      description: 'Hours in which nothing is sent; null for none.',
    }),
    idempotencyKey: t.field(keyField),
  }),
});

export const StartCompanyAuthorizationInput = builder.inputType('StartCompanyAuthorizationInput', {
  description: 'Begin connecting a QuickBooks company.',
  fields: (t) => ({
    companyId: t.id(companyField),
    returnPath: t.string({ required: true, description: 'Path in the web app to come back to.' }),
    idempotencyKey: t.field(keyField),
  }),
});

export const DisconnectCompanyInput = builder.inputType('DisconnectCompanyInput', {
  description: 'Disconnect a company and revoke its tokens; history is kept.',
  fields: (t) => ({
    companyId: t.id(companyField),
    expectedVersion: t.int(versionField),
    confirmName: t.string({ required: true, description: 'Must repeat the company name.' }),
    idempotencyKey: t.field(keyField),
  }),
});
