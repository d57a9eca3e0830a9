import { type Executor, statement } from '../database/index.ts';
import type { AppState } from '../domain/index.ts';
import { type ClientId, sha256 } from '../kernel/index.ts';
import type { AppLogo } from './versions/version.ts';

const saveLogo = statement(
  'registry.app-logo.keep',
  {},
  'update app set logo = $2, logo_type = $3, logo_version = $4 where client_id = $1',
);
const find = statement(
  'registry.app-logo.find',
  { logo: 'bytea', logo_type: 'text?', logo_version: 'text?', state: 'text' },
  'select logo, logo_type, logo_version, state from app where client_id = $1 and logo is not null',
);

/**
 * Number of hex digits of a logo's version, which is the start of its image's SHA-256. Half of the
 * digest is enough: with much less, an attacker could find two images with the same version, have
 * one reviewed and use the other.
 */
const VERSION_LENGTH = 32;

/**
 * Stores the logo of an app.
 * @param logo the new logo; undefined removes the current one
 */
export async function saveAppLogo(tx: Executor, clientId: ClientId, logo: AppLogo | undefined): Promise<void> {
  const version = logo === undefined ? null : sha256(logo.bytes).toString('hex').slice(0, VERSION_LENGTH);
  await tx.query(saveLogo, [clientId, logo?.bytes ?? null, logo?.type ?? null, version]);
}

/** Returns the logo of an app, its version and the state of the app. Returns undefined if the app has no logo. */
export async function findAppLogo(
  db: Executor,
  clientId: string,
): Promise<(AppLogo & { readonly version: string; readonly appState: AppState }) | undefined> {
  const [row] = await db.query(find, [clientId]);
  if (row === undefined) return undefined;
  const { logo: bytes, logo_type: type, logo_version: version, state } = row;
  return { bytes, type: type ?? '', version: version ?? '', appState: state as AppState };
}

/**
 * Returns the path of an app's logo. The path changes with the image, so that browsers can cache
 * it. Returns undefined if the app has no logo.
 */
export const logoPath = (clientId: string, version: string | undefined): string | undefined =>
  version === undefined ? undefined : `/app-logos/${clientId}?v=${version}`;
