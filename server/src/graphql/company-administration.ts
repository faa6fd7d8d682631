import { brandLocalDate } from '#core/brand.ts';
import type { CompanySettings } from '#core/company/company.ts';
import { parseDecimal } from '#core/money/decimal.ts';
import type { Notifications } from '#core/notification/notifications.ts';
import { builder } from './builder.ts';
import {
  CreateCompanyInput,
  DisconnectCompanyInput,
  SetNotificationsInput,
  StartCompanyAuthorizationInput,
  UpdateCompanySettingsInput,
  UpdateInvoicingEndpointInput,
} from './company-inputs.ts';
import { companySuccess } from './company-success.ts';
import { visibleCompanies } from './context.ts';
import { forbidden } from './errors.ts';
import { idOf } from './global-id.ts';
import { answer, notFoundError } from './mutation-result.ts';
import { everyFailure, resultUnion, successType } from './mutation-union.ts';

const versioned = ['invalid', 'not-found', 'stale', 'idempotency'] as const;

const CreateCompanyResult = resultUnion('createCompany', companySuccess('createCompany'), [
  'invalid',
  'idempotency',
]);
const UpdateCompanySettingsResult = resultUnion(
  'updateCompanySettings',
  companySuccess('updateCompanySettings'),
  versioned,
);
const UpdateInvoicingEndpointResult = resultUnion(
  'updateInvoicingEndpoint',
  companySuccess('updateInvoicingEndpoint'),
  versioned,
);
const SetNotificationsSuccess = companySuccess('setNotifications');
builder.objectField(SetNotificationsSuccess, 'webhookSecret', (t) =>
  t.string({
    nullable: true,
    description:
      'Secret that signs what is posted, shown this once; null unless the address is a new one, and on a repeat.',
    resolve: ({ secret }) => secret ?? null,
  }),
);
const SetNotificationsResult = resultUnion('setNotifications', SetNotificationsSuccess, versioned);
const DisconnectCompanyResult = resultUnion(
  'disconnectCompany',
  companySuccess('disconnectCompany'),
  everyFailure,
);
const StartCompanyAuthorizationSuccess = successType('startCompanyAuthorization');
builder.objectField(StartCompanyAuthorizationSuccess, 'authorizationUrl', (t) =>
  t.string({
    description: 'Intuit page to send the person to.',
    resolve: ({ secret }) => {
      if (secret === undefined) throw new Error('an authorization without an address');
      return secret;
    },
  }),
);
const StartCompanyAuthorizationResult = resultUnion(
  'startCompanyAuthorization',
  StartCompanyAuthorizationSuccess,
  ['invalid', 'idempotency'],
);

/** Null clears what may be empty and leaves the rest as it is, like what is left out. */
function settingsOf(
  input: typeof UpdateCompanySettingsInput.$inferInput,
): Partial<CompanySettings> {
  const { goLiveDate, incomeAccountId } = input;
  const tolerance =
    input.taxVarianceTolerance == null ? null : parseDecimal(input.taxVarianceTolerance);
  return {
    ...(input.createMissingReferences != null && {
      createMissingReferences: input.createMissingReferences,
    }),
    ...(input.importFromQuickbooks != null && { importFromQuickbooks: input.importFromQuickbooks }),
    ...(goLiveDate !== undefined && {
      goLiveDate: goLiveDate === null ? null : brandLocalDate(goLiveDate),
    }),
    ...(tolerance !== null && { taxVarianceTolerance: tolerance }),
    ...(input.undoWindowSeconds != null && { undoWindowSeconds: input.undoWindowSeconds }),
    ...(input.markDocuments != null && { markDocuments: input.markDocuments }),
    ...(incomeAccountId !== undefined && { incomeAccountId }),
  };
}

const notificationsOf = ({
  emails,
  webhookUrl,
  kinds,
  digestMinutes,
  quietHours,
}: typeof SetNotificationsInput.$inferInput): Partial<Notifications> => ({
  ...(emails != null && { emails }),
  ...(webhookUrl !== undefined && { webhookUrl }),
  ...(kinds != null && { kinds }),
  ...(digestMinutes != null && { digestMinutes }),
  ...(quietHours !== undefined && { quietHours }),
});

builder.mutationField('createCompany', (t) =>
  t.field({
    type: CreateCompanyResult,
    description: 'Makes a company; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({ type: CreateCompanyInput, required: true, description: 'What to do.' }),
    },
    resolve: (_root, { input }, context) => {
      // Whoever is limited to some companies could not even see the new one.
      if (visibleCompanies(context) !== null) throw forbidden();
      const { idempotencyKey, ...rest } = input;
      return answer(context, context.actions.createCompany, { id: '', idempotencyKey }, rest);
    },
  }),
);

builder.mutationField('updateCompanySettings', (t) =>
  t.field({
    type: UpdateCompanySettingsResult,
    description: 'Changes what the bridge may do by itself; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({
        type: UpdateCompanySettingsInput,
        required: true,
        description: 'What to do.',
      }),
    },
    resolve: (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      if (companyId === null) return notFoundError(input.companyId);
      const { expectedVersion, idempotencyKey } = input;
      const asked = { id: input.companyId, idempotencyKey };
      const wanted = { companyId, expectedVersion, settings: settingsOf(input) };
      return answer(context, context.actions.updateCompanySettings, asked, wanted);
    },
  }),
);

builder.mutationField('updateInvoicingEndpoint', (t) =>
  t.field({
    type: UpdateInvoicingEndpointResult,
    description:
      'Changes the address, token or webhook secret of the internal books; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({
        type: UpdateInvoicingEndpointInput,
        required: true,
        description: 'What to do.',
      }),
    },
    resolve: (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      if (companyId === null) return notFoundError(input.companyId);
      const asked = { id: input.companyId, idempotencyKey: input.idempotencyKey };
      return answer(context, context.actions.updateInvoicingEndpoint, asked, {
        companyId,
        expectedVersion: input.expectedVersion,
        baseUrl: input.baseUrl ?? null,
        token: input.token ?? null,
        webhookSecret: input.webhookSecret ?? null,
        overlapUntil: input.overlapUntil?.toISOString() ?? null,
      });
    },
  }),
);

builder.mutationField('setNotifications', (t) =>
  t.field({
    type: SetNotificationsResult,
    description: 'Changes what people are told about; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({ type: SetNotificationsInput, required: true, description: 'What to do.' }),
    },
    resolve: (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      if (companyId === null) return notFoundError(input.companyId);
      const { expectedVersion, idempotencyKey } = input;
      const asked = { id: input.companyId, idempotencyKey };
      const wanted = { companyId, expectedVersion, notifications: notificationsOf(input) };
      return answer(context, context.actions.setNotifications, asked, wanted);
    },
  }),
);

builder.mutationField('startCompanyAuthorization', (t) =>
  t.field({
    type: StartCompanyAuthorizationResult,
    description: 'Begins connecting a company to QuickBooks; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({
        type: StartCompanyAuthorizationInput,
        required: true,
        description: 'What to do.',
      }),
    },
    resolve: (_root, { input }, context) => {
      const { returnPath, idempotencyKey } = input;
      // What is no id of a company is told like one that does not exist.
      const companyId = idOf('Company', input.companyId) ?? nobody;
      const asked = { id: input.companyId, idempotencyKey };
      const wanted = { companyId, returnPath };
      return answer(
        context,
        async (ask: Parameters<typeof context.actions.startCompanyAuthorization>[0]) => {
          const started = await context.actions.startCompanyAuthorization(ask);
          context.browser.nonce = started.nonce;
          const { outcome, authorizationUrl } = started;
          return outcome.kind === 'done' && authorizationUrl !== null
            ? { ...outcome, secret: authorizationUrl }
            : outcome;
        },
        asked,
        wanted,
      );
    },
  }),
);

builder.mutationField('disconnectCompany', (t) =>
  t.field({
    type: DisconnectCompanyResult,
    description: 'Disconnects a company; needs scope ADMIN.',
    authScopes: { scope: 'ADMIN' },
    complexity: 1,
    args: {
      input: t.arg({ type: DisconnectCompanyInput, required: true, description: 'What to do.' }),
    },
    resolve: (_root, { input }, context) => {
      const companyId = idOf('Company', input.companyId);
      if (companyId === null) return notFoundError(input.companyId);
      const { expectedVersion, confirmName, idempotencyKey } = input;
      const asked = { id: input.companyId, idempotencyKey };
      const wanted = { companyId, expectedVersion, confirmName };
      return answer(context, context.actions.disconnectCompany, asked, wanted);
    },
  }),
);

const nobody = '00000000-0000-0000-0000-000000000000';
