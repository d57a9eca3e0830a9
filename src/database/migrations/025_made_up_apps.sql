-- Up Migration

-- Made-up organizations and apps of the sandbox share the tables of real ones. Their statements must never see each
-- other's rows, so the tables get new names, and `app` and `organisation` become views that hold the condition. Every
-- statement that names an app or organization therefore has it. A transaction sees the real rows, unless it sets
-- `patient_access.space`: to the id of a sandbox visitor, whose copies it then sees, or to `examples`, which are the
-- same for everyone. It sees nothing else then.
create function current_space() returns text language sql stable parallel safe
  return coalesce(current_setting('patient_access.space', true), '');

alter table app rename to stored_app;
alter table organisation rename to stored_organisation;
alter table stored_app
  add space text collate "C" not null default ''; -- '': real; `examples`; or the id of the visitor whose copy the row is
alter table stored_organisation
  add space text collate "C" not null default '';
create index stored_app_made_up on stored_app (space) where space <> '';
-- Each visitor's copy has organizations with the same domains.
alter table stored_organisation drop constraint organisation_domain_key;
create unique index stored_organisation_domain on stored_organisation (space, domain);

create view app as select * from stored_app where space = current_space() with check option;
create view organisation as select * from stored_organisation where space = current_space() with check option;
-- A row belongs to the space of the transaction that adds it.
alter view app alter space set default current_space();
alter view organisation alter space set default current_space();
create or replace view app_maker as
  select a.client_id, coalesce(o.name, a.developer) as developer,
    coalesce(o.verified_at, case when o.name is null or o.name = a.developer then a.verified_at end) as verified_at
  from app a left join organisation o on o.organisation_id = a.organisation_id;

create table sandbox_visitor (          -- a browser in which a shared sandbox account is signed in, with its own copy of made-up apps
  visitor_id uuid primary key,
  account_id uuid not null,
  browser bytea not null,               -- SHA-256 of the browser's cookie
  created_at timestamptz not null,
  used_at timestamptz not null,
  unique (account_id, browser)
);
create index sandbox_visitor_used on sandbox_visitor (used_at);

-- A shared sandbox account that reviews made-up apps. It isn't an administrator of the installation.
alter table account
  add sandbox_administrator bool not null default false,
  add constraint account_sandbox_administrator
    check (not sandbox_administrator or (published and not administrator and kind = 'staff'));
