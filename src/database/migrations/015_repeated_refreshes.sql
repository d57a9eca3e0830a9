-- Up Migration

-- Number of access tokens minted for repetitions of the exchange that issued this refresh token.

alter table token add repeats int2 not null default 0;
