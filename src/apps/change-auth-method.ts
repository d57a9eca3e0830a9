import type { Executor } from '../database/index.ts';
import type { App, AppTerms } from '../domain/index.ts';
import { Problem } from '../kernel/index.ts';
import { overwriteAppTerms, type RegistryDeps } from './register.ts';
import { type SecretOptions, updateSecretForAuthMethod } from './secrets.ts';
import { checkAppTerms } from './terms/check-terms.ts';
import { findPendingVersion, updateVersion } from './versions/version-store.ts';

export interface AuthMethodChange extends Pick<AppTerms, 'auth' | 'jwks' | 'jwksUri'> {
  readonly secret?: SecretOptions | undefined;
}

/**
 * Changes how an app authenticates, effective at once: the developer decides this alone, and a
 * leaked key can't wait for a review. A pending version of the app stays pending. `tx` must hold
 * the app's lock.
 * @returns the new secret; undefined if the app doesn't get one
 */
export async function changeAuthMethod(
  tx: Executor,
  deps: RegistryDeps,
  app: App,
  { auth, jwks, jwksUri, secret }: AuthMethodChange,
): Promise<string | undefined> {
  const changed = { auth, jwks, jwksUri };
  const issues = checkAppTerms({ ...app, ...changed }, deps.trustedJwksHosts ?? []);
  if (issues.length > 0) {
    const message = issues.map((issue) => issue.message).join(' ');
    throw new Problem('fields-invalid', {
      status: 400,
      message,
      fieldErrors: issues.map(({ about: _, ...rest }) => rest),
    });
  }
  await overwriteAppTerms(tx, app.clientId, { ...app, ...changed });
  const open = await findPendingVersion(tx, app.clientId);
  if (open !== undefined) await updateVersion(tx, { ...open, terms: { ...open.terms, ...changed } });
  return updateSecretForAuthMethod(tx, deps, app, auth, secret);
}
