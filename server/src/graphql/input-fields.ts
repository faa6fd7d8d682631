/** Parts that the input of many mutations has; the printed schema says what each is. */

/** Scope: who asks and which mutation; kept for 30 days (api-and-web.md §2.4). */
export const keyField = {
  type: 'IdempotencyKey',
  required: true,
  description: 'Makes a repeat harmless.',
} as const;

/** Refused as stale when the object moved on. */
export const versionField = { required: true, description: 'Version you looked at.' } as const;

export const companyField = { required: true, description: 'Company.' } as const;
