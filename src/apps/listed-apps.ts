import { type Executor, type RowOf, statement } from '../database/index.ts';

const LISTED_APP_COLUMNS = {
  client_id: 'text',
  name: 'text',
  description: 'text?',
  developer: 'text?',
  verified: 'bool',
  category: 'text?',
  scope: 'text',
  data_use: 'jsonb',
  metadata: 'jsonb',
  logo_version: 'text?',
  redirect_uris: '_text',
  organisation_website: 'text?',
} as const;
const listed = statement(
  'portal.gallery.listed',
  LISTED_APP_COLUMNS,
  `select a.client_id, a.name, a.description, coalesce(o.name, a.developer) as developer,
     coalesce(o.verified_at, case when o.name is null or o.name = a.developer then a.verified_at end) is not null
       as verified,
     a.category, a.scope, a.data_use, a.metadata, a.logo_version, a.redirect_uris,
     o.website as organisation_website
   from app a left join organisation o on o.organisation_id = a.organisation_id
   where a.listed and a.state = 'active' and a.kind = 'patient'
   order by verified desc, lower(a.name), a.client_id`,
);

/**
 * Returns the patient apps that appear in the public gallery now: those of verified developers first, then by name.
 * Leaves out suspended, retired and unlisted apps.
 */
export const listListedApps = (db: Executor): Promise<readonly RowOf<typeof LISTED_APP_COLUMNS>[]> => db.query(listed);
