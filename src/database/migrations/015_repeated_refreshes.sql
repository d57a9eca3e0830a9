-- Up Migration

-- How many access tokens were minted for repeats of the exchange that this refresh token came of.

alter table token add repeats int2 not null default 0;
