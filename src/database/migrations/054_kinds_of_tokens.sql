-- Up Migration

-- PostgreSQL parses a check constraint again for each statement that writes a row. The statements of the server name the
-- kind of a token themselves, and an import accepts refresh tokens only.
alter table token drop constraint token_kind_check;
