import type { Database } from '../database/index.ts';
import { explorerRedirects } from '../portal/index.ts';
import { bringApp } from './bring-app.ts';
import { EXPLORER_CLIENT_ID, EXPLORER_SCOPE } from './published.ts';

/**
 * Registers the client that the API explorer and Swagger UI use, or updates its redirect URIs when the server's address
 * has changed.
 */
export const ensureExplorer = (
  db: Database,
  server: { readonly publicUrl: string; readonly prefix: string },
): Promise<void> =>
  bringApp(db, {
    clientId: EXPLORER_CLIENT_ID,
    name: 'API explorer',
    redirectUris: explorerRedirects(server),
    scope: EXPLORER_SCOPE,
  });
