-- Up Migration

-- What is served is stored as it is up to half a page. PostgreSQL would compress what makes a row longer than 2 kB, each time
-- that it is written, and undo it each time that it is read: see docs/decisions/040.

alter table resource set (toast_tuple_target = 4080);
alter table projection set (toast_tuple_target = 4080);
alter table shared_resource set (toast_tuple_target = 4080);
alter table shared_projection set (toast_tuple_target = 4080);
