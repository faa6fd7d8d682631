const secretBytes = 32;

/** A fresh secret in the form of Standard Webhooks: 'whsec_' and base64. It is made here and shown once. */
export function newWebhookSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(secretBytes));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
