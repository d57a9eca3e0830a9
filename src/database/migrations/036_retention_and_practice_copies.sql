-- Up Migration

-- ---------- cleanup tasks that look for old rows every hour ----------
create index account_closed on account (closed_at) where closed_at is not null;
create index invitation_expiry on invitation (expires_at) where declined_at is null;
