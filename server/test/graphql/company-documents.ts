/** What every mutation may end in. */
export const onError = `... on MutationError { code message retryable }
  ... on ValidationError { issues { path message } }
  ... on StaleVersionError { currentVersion current { __typename id ... on Versioned { version } } }
  ... on IdempotencyError { firstUsedAt }`;

const companyShown = `fragment shown on Company { version name mode status invoicing { baseUrl }
  settings { undoWindowSeconds taxVarianceTolerance goLiveDate createMissingReferences markDocuments incomeAccountId }
  notifications { emails webhookUrl kinds digestMinutes quietHours { from until timeZone } } }`;

export const createCompany = `mutation Do($input: CreateCompanyInput!) { result: createCompany(input: $input) { __typename
  ... on CreateCompanySuccess { replayed company { id ...shown } } ... on ValidationError { issues { path message } }
  ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } } ${companyShown}`;

/** What administrators ask of a company that is there. */
export const companyDocuments = {
  setInvoicePaused: `mutation Do($input: SetInvoicePausedInput!) { result: setInvoicePaused(input: $input) { __typename
    ... on SetInvoicePausedSuccess { replayed invoice { id version status statusReason } } ${onError} } }`,
  setCompanyPaused: `mutation Do($input: SetCompanyPausedInput!) { result: setCompanyPaused(input: $input) { __typename
    ... on SetCompanyPausedSuccess { replayed company { id version status pausedDirections } } ${onError} } }`,
  linkInvoices: `mutation Do($input: LinkInvoicesInput!) { result: linkInvoices(input: $input) { __typename
    ... on LinkInvoicesSuccess { replayed invoice { id version status statusReason } } ${onError} } }`,
  unlinkInvoice: `mutation Do($input: UnlinkInvoiceInput!) { result: unlinkInvoice(input: $input) { __typename
    ... on UnlinkInvoiceSuccess { replayed invoice { id version status statusReason } } ${onError} } }`,
  updateCompanySettings: `mutation Do($input: UpdateCompanySettingsInput!) { result: updateCompanySettings(input: $input) { __typename
    ... on UpdateCompanySettingsSuccess { replayed company { id ...shown } } ${onError} } } ${companyShown}`,
  updateInvoicingEndpoint: `mutation Do($input: UpdateInvoicingEndpointInput!) { result: updateInvoicingEndpoint(input: $input) { __typename
    ... on UpdateInvoicingEndpointSuccess { replayed company { id ...shown } } ${onError} } } ${companyShown}`,
  setNotifications: `mutation Do($input: SetNotificationsInput!) { result: setNotifications(input: $input) { __typename
    ... on SetNotificationsSuccess { replayed webhookSecret company { id ...shown } } ${onError} } } ${companyShown}`,
  disconnectCompany: `mutation Do($input: DisconnectCompanyInput!) { result: disconnectCompany(input: $input) { __typename
    ... on DisconnectCompanySuccess { replayed company { id ...shown } } ${onError} } } ${companyShown}`,
  refreshPlan: `mutation Do($input: RefreshPlanInput!) { result: refreshPlan(input: $input) { __typename
    ... on RefreshPlanSuccess { replayed passId } ... on ValidationError { issues { path message } }
    ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } }`,
  goLive: `mutation Do($input: GoLiveInput!) { result: goLive(input: $input) { __typename
    ... on GoLiveSuccess { replayed company { id ...shown } } ${onError} } } ${companyShown}`,
  startCompanyAuthorization: `mutation Do($input: StartCompanyAuthorizationInput!) { result: startCompanyAuthorization(input: $input) { __typename
    ... on StartCompanyAuthorizationSuccess { replayed } ... on ValidationError { issues { path message } }
    ... on MutationError { code message retryable } ... on IdempotencyError { firstUsedAt } } }`,
} as const;
