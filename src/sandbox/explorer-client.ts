import type { Database } from '../database/index.ts';
import { explorerRedirects } from '../portal-api/index.ts';
import { ensureBundledApp } from './ensure-bundled-app.ts';
import { EXPLORER_CLIENT_ID, EXPLORER_SCOPE } from './published-credentials.ts';

/**
 * Registers the client that the API explorer and Swagger UI use, or updates its redirect URIs when the server's address
 * has changed.
 */
export const ensureExplorerClient = (
  db: Database,
  server: { readonly publicUrl: string; readonly prefix: string },
): Promise<void> =>
  ensureBundledApp(db, {
    clientId: EXPLORER_CLIENT_ID,
    name: 'API explorer',
    redirectUris: explorerRedirects(server),
    scope: EXPLORER_SCOPE,
  });
