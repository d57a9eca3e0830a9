-- Up Migration

-- Vacuums the tables whose rows are replaced or deleted all the time when one row in twenty is dead, instead of one in
-- five. Their updates change indexed columns, so each one leaves a dead row and dead entries of all indexes. No other
-- statement waits for these changes, and no row is read or written. docs/decisions/078 has the measurements.
alter table resource set (autovacuum_vacuum_scale_factor = 0.05);
alter table conversion set (autovacuum_vacuum_scale_factor = 0.05);
alter table token set (autovacuum_vacuum_scale_factor = 0.05);
