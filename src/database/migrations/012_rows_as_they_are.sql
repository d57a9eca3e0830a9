-- Up Migration

-- Served content is stored uncompressed up to half a page. By default PostgreSQL compresses rows longer than 2 kB at
-- each write and decompresses them at each read, see docs/decisions/040.

alter table resource set (toast_tuple_target = 4080);
alter table projection set (toast_tuple_target = 4080);
alter table shared_resource set (toast_tuple_target = 4080);
alter table shared_projection set (toast_tuple_target = 4080);
