-- What people of a company are told about by itself; nobody is until an address is given.
CREATE TYPE notification_kind AS ENUM ('CONFLICT', 'DEAD_LETTER', 'ACCESS', 'DRIFT');
ALTER TABLE company
  ADD COLUMN notify_emails text[] NOT NULL DEFAULT '{}',
  ADD COLUMN notify_webhook_url text,
  ADD COLUMN notify_kinds notification_kind[] NOT NULL DEFAULT '{CONFLICT,DEAD_LETTER,ACCESS,DRIFT}',
  ADD COLUMN notify_digest_minutes integer NOT NULL DEFAULT 15 CHECK (notify_digest_minutes BETWEEN 0 AND 1440);

-- A person on their way to Intuit and back: each state is taken up once, by whoever began, within ten minutes.
CREATE TABLE company_authorization (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES company (id),
  api_client_id uuid NOT NULL REFERENCES api_client (id),
  -- Of the nonce in the browser that began it; null when an API key did.
  nonce_hash text,
  return_path text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3)
);
CREATE INDEX company_authorization_expiry_idx ON company_authorization (expires_at);

-- Tokens that are to be given back to Intuit; no call is made with them any more.
CREATE TABLE token_revocation (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES company (id),
  token bytea NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  due_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX token_revocation_due_idx ON token_revocation (due_at);
