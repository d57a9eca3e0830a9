-- Up Migration

-- ---------- made-up activity of the made-up apps of the sandbox's developer; no statement about real apps reads it ----------
create table made_up_request (like app_request including all);
create table made_up_usage (like app_usage including all);
