-- Up Migration

-- Requests per minute that an app may send to the FHIR APIs. null: as FHIR_REQUESTS_PER_MINUTE says.
alter table stored_app
  add requests_per_minute int check (requests_per_minute between 1 and 1000000);
create or replace view app as select * from stored_app where space = current_space() with check option;
