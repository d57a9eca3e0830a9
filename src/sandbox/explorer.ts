import type { Database } from '../database/index.ts';
import { explorerRedirects } from '../portal/index.ts';
import { bringApp } from './bring-app.ts';
import { EXPLORER_CLIENT_ID, EXPLORER_SCOPE } from './published.ts';

/** Registers what the API explorer and Swagger UI ask with, or moves it to where the server is now. */
export const ensureExplorer = (
  db: Database,
  at: { readonly publicUrl: string; readonly prefix: string },
): Promise<void> =>
  bringApp(db, {
    clientId: EXPLORER_CLIENT_ID,
    name: 'API explorer',
    redirectUris: explorerRedirects(at),
    scope: EXPLORER_SCOPE,
  });
