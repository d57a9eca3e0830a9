-- What the HTML part of an email needs beside its text. Emails of earlier releases have no language and are sent as text
-- alone.
alter table mail
  add column language text,
  add column practice_id int,      -- the practice whose color the email has; null: the color of the installation
  add column button_label text,
  add column button_url text;      -- may be a valid one-time link, so it is deleted with the text
