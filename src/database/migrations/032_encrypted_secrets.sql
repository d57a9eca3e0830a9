-- Up Migration

-- ---------- secrets are encrypted with a data key, and data keys with a key that is outside of the database ----------
create table data_key (                 -- encrypts secrets in other tables; the one with the highest id encrypts new ones
  data_key_id int primary key,
  wrapped bytea not null,               -- the data key, encrypted with the operator's key
  wrapped_by text not null,             -- id of that key
  created_at timestamptz not null
);

-- A secret is either in clear or encrypted. Processes of the release before this one read and write the columns in clear.
-- An encrypted value begins with its format (1) and the id of its data key (4 bytes).
alter table signing_key
  alter private_jwk drop not null,      -- null: encrypted
  add encrypted_key bytea,
  add constraint signing_key_private check ((private_jwk is null) <> (encrypted_key is null));
alter table totp
  add encrypted_secret bytea,           -- used if `secret` is null
  add encrypted_pending bytea;          -- used if `pending` is null
alter table mail
  add encrypted_content bytea;          -- instead of content and button_url; null once sent, as they are
