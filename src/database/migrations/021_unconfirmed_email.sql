-- An address that was entered for an account and isn't confirmed yet. Confirmation links last a day; the reminder stays
-- until the address is confirmed. If unconfirmed_since is null, a link is only sent while the person is signed in.
alter table account add unconfirmed_email text, add unconfirmed_since timestamptz;

update account a set unconfirmed_email = l.email, unconfirmed_since = l.created_at
from (
  select distinct on (account_id) account_id, email, created_at from account_link
  where purpose = 'change-email' and used_at is null and email is not null
  order by account_id, created_at desc) l
where a.account_id = l.account_id and a.closed_at is null and not a.published and a.email is distinct from l.email;

create index account_unconfirmed_email on account (unconfirmed_email) where unconfirmed_email is not null;
