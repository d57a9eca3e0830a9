import type { Executor } from '../database/index.ts';
import { Problem } from '../kernel/index.ts';
import type { App, AppTerms } from './app.ts';
import { faultsOf } from './faults.ts';
import { type RegistryDeps, rewriteApp } from './register.ts';
import { type SecretWishes, secretAfter } from './secrets.ts';
import { findOpenVersion, keepVersion } from './versions/store.ts';

export interface AuthWishes extends Pick<AppTerms, 'auth' | 'jwks' | 'jwksUri'> {
  readonly secret?: SecretWishes | undefined;
}

/**
 * Changes how an app authenticates, effective at once: it is the developer's own decision, and a
 * leaked key can't wait for a review. A pending version stays pending. `tx` must hold the app's lock.
 * @returns the new secret, if the app gets one
 */
export async function changeAuth(
  tx: Executor,
  deps: RegistryDeps,
  app: App,
  { auth, jwks, jwksUri, secret }: AuthWishes,
): Promise<string | undefined> {
  const changed = { auth, jwks, jwksUri };
  const issues = faultsOf({ ...app, ...changed }, deps.trustedJwksHosts ?? []);
  if (issues.length > 0) {
    const message = issues.map((issue) => issue.message).join(' ');
    throw new Problem('fields-invalid', { status: 400, message, faults: issues.map(({ about: _, ...rest }) => rest) });
  }
  await rewriteApp(tx, app.clientId, { ...app, ...changed });
  const open = await findOpenVersion(tx, app.clientId);
  if (open !== undefined) await keepVersion(tx, { ...open, terms: { ...open.terms, ...changed } });
  return secretAfter(tx, deps, app, auth, secret);
}
