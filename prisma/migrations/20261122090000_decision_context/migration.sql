-- Deciding again from what was stored must give the same outcome (architecture.md §3, step 6). Settings and what QuickBooks
-- says of the company are the same for thousands of attempts, so they are stored once, under the hash of their content.
CREATE TABLE decision_context (
  company_id uuid NOT NULL REFERENCES company (id),
  hash text NOT NULL,
  content jsonb NOT NULL,
  first_used_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (company_id, hash)
);
