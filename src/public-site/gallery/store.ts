import { readDataUse } from '../../access/index.ts';
import { isLocalOnly, isLoopback, listListedApps, logoPath } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { AppCategory, DataUse } from '../../domain/index.ts';
import { parseWebAddress } from '../layout/web-address.ts';

/** A patient app in the public gallery, as its developer describes it. */
export interface GalleryEntry {
  readonly clientId: string;
  readonly name: string;
  readonly description: string | null;
  readonly developer: string | null;
  readonly verified: boolean;
  readonly category: AppCategory | null;
  readonly scope: string;
  readonly dataUse: DataUse;
  /** Path of the app's logo; null if the app has none. */
  readonly logo: string | null;
  /** URL that starts the app. It names this server, so that the app knows where to ask for access. */
  readonly start: string | null;
  readonly website: string | null;
  readonly policy: string | null;
}

/**
 * Returns the apps that the gallery lists now. Suspended, retired and unlisted apps disappear at
 * once. Apps with redirect URIs on localhost only are left out, because they work only for the
 * person who runs them.
 * @param toLogoPath path of an app's logo by client id and version
 */
export async function listGalleryApps(
  db: Executor,
  issuer: string,
  toLogoPath = logoPath,
): Promise<readonly GalleryEntry[]> {
  const rows = await listListedApps(db);
  return rows
    .filter(({ redirect_uris }) => !isLocalOnly(redirect_uris))
    .map((row) => {
      // Metadata of the app under the names of RFC 7591 §2.
      const { client_uri, policy_uri, initiate_login_uri } = row.metadata as Readonly<Record<string, unknown>>;
      return {
        clientId: row.client_id,
        name: row.name,
        description: row.description,
        developer: row.developer,
        verified: row.verified,
        category: row.category as AppCategory | null,
        scope: row.scope,
        dataUse: readDataUse(row.data_use),
        logo: toLogoPath(row.client_id, row.logo_version ?? undefined) ?? null,
        start: startUrl(initiate_login_uri, issuer) ?? null,
        website: (parseWebAddress(client_uri) ?? parseWebAddress(row.organisation_website))?.href ?? null,
        policy: parseWebAddress(policy_uri)?.href ?? null,
      };
    });
}

/**
 * Returns the URL that starts an app with the parameter `iss`: OpenID Connect Core 1.0 §4, third-party initiated login.
 * Returns undefined for an address that a patient's browser must not open.
 */
function startUrl(address: unknown, issuer: string): string | undefined {
  const target = parseWebAddress(address);
  if (target === undefined || isLoopback(target.href)) return undefined;
  const url = new URL(target.href);
  url.searchParams.set('iss', issuer);
  return url.href;
}
