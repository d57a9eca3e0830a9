import { readDataUse } from '../../access/index.ts';
import { isLocalOnly, listListedApps, logoPath } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { DataUse } from '../../domain/index.ts';
import { parseWebAddress } from '../layout/web-address.ts';

/** A patient app in the public gallery, as its developer describes it. */
export interface GalleryEntry {
  readonly clientId: string;
  readonly name: string;
  readonly description: string | null;
  readonly developer: string | null;
  readonly verified: boolean;
  readonly scope: string;
  readonly dataUse: DataUse;
  /** Path of the app's logo; null if the app has none. */
  readonly logo: string | null;
  readonly website: string | null;
  readonly policy: string | null;
}

/**
 * Returns the apps that the gallery lists now. Suspended, retired and unlisted apps disappear at
 * once. Apps with redirect URIs on localhost only are left out, because they work only for the
 * person who runs them.
 */
export async function listGalleryApps(db: Executor): Promise<readonly GalleryEntry[]> {
  const rows = await listListedApps(db);
  return rows
    .filter(({ redirect_uris }) => !isLocalOnly(redirect_uris))
    .map((row) => {
      // Metadata of the app under the names of RFC 7591 §2.
      const { client_uri, policy_uri } = row.metadata as {
        readonly client_uri?: unknown;
        readonly policy_uri?: unknown;
      };
      return {
        clientId: row.client_id,
        name: row.name,
        description: row.description,
        developer: row.developer,
        verified: row.verified,
        scope: row.scope,
        dataUse: readDataUse(row.data_use),
        logo: logoPath(row.client_id, row.logo_version ?? undefined) ?? null,
        website: (parseWebAddress(client_uri) ?? parseWebAddress(row.organisation_website))?.href ?? null,
        policy: parseWebAddress(policy_uri)?.href ?? null,
      };
    });
}
