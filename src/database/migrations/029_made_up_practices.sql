-- Up Migration

-- Made-up practices of the sandbox, whose brands a visitor edits and publishes. They aren't tenants: the table
-- `practice` doesn't contain them, so no record, source or member of staff can belong to one. As for apps
-- (025_made_up_apps.sql), the condition is a part of the views, and a transaction outside of a visitor's space sees
-- the real rows only. A visitor's rows are deleted with the visitor.
create sequence made_up_practice_id as int minvalue 1000000000 maxvalue 2000000000 cycle; -- no real practice has such an id
create table made_up_practice (
  practice_id int primary key default nextval('made_up_practice_id') check (practice_id >= 1000000000),
  visitor_id uuid not null default current_space()::uuid references sandbox_visitor on delete cascade,
  name text not null,
  enabled bool not null default true,
  phone text,
  email text,
  website text,
  address text
);
create index made_up_practice_visitor on made_up_practice (visitor_id);
alter sequence made_up_practice_id owned by made_up_practice.practice_id;

create view branded_practice as
  select practice_id, kind, enabled, name, phone, email, website, address, logo
    from practice where current_space() = ''
  union all
  select practice_id, 'live', enabled, name, phone, email, website, address, null
    from made_up_practice where visitor_id::text = current_space();

alter table practice_brand rename to stored_practice_brand;
alter table stored_practice_brand
  add visitor_id uuid references sandbox_visitor on delete cascade, -- null: of a real practice
  add constraint stored_practice_brand_visitor check ((visitor_id is null) = (practice_id < 1000000000));
create index stored_practice_brand_visitor on stored_practice_brand (visitor_id) where visitor_id is not null;
create view practice_brand as
  select * from stored_practice_brand where coalesce(visitor_id::text, '') = current_space() with check option;
alter view practice_brand alter visitor_id set default nullif(current_space(), '')::uuid;

alter table brands_version rename to stored_brands_version;
alter table stored_brands_version
  add visitor_id uuid references sandbox_visitor on delete cascade; -- null: published for apps
-- The versions of each visitor start at 1.
alter table stored_brands_version drop constraint brands_version_pkey;
create unique index stored_brands_version_number on stored_brands_version ((coalesce(visitor_id::text, '')), version);
create index stored_brands_version_visitor on stored_brands_version (visitor_id) where visitor_id is not null;
create view brands_version as
  select * from stored_brands_version where coalesce(visitor_id::text, '') = current_space() with check option;
alter view brands_version alter visitor_id set default nullif(current_space(), '')::uuid;
