-- People's sessions: a cookie of the web app, or a short-lived key for the playground. Both end with the key they stand for.
CREATE TABLE session (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('cookie', 'playground')),
  token_hash text NOT NULL,
  api_client_id uuid NOT NULL REFERENCES api_client (id),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX session_token_hash_key ON session (token_hash);
CREATE INDEX session_expiry_idx ON session (expires_at);
CREATE INDEX session_client_idx ON session (api_client_id);

-- Every process hears at once whose rights changed, whoever changed them, so that open sockets end with the key.
CREATE FUNCTION tell_access_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('access', NEW.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER api_client_access AFTER UPDATE OF revoked_at, scopes, company_ids, all_companies ON api_client
  FOR EACH ROW EXECUTE FUNCTION tell_access_changed();

CREATE FUNCTION tell_session_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('access', OLD.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER session_access AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION tell_session_ended();
