import type { Executor } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import { toClientInformation } from './client-information.ts';
import type { RegistrationDeps } from './deps.ts';

/**
 * Reads the registration again and returns it, because the response must describe what is stored and not what was
 * requested.
 */
export async function readClientInformation(
  { registrar, addresses }: RegistrationDeps,
  tx: Executor,
  { clientId, token, clientSecret }: { clientId: ClientId; token: string; clientSecret?: string | undefined },
) {
  const app = await registrar.find(tx, clientId, token);
  if (app === undefined) throw new Error('an app that was just registered is not found');
  return toClientInformation({
    app,
    review: await registrar.reviewStatus(tx, clientId),
    registrationToken: token,
    registrationUri: `${addresses.register}/${clientId}`,
    clientSecret,
  });
}

export function auditRegistration(
  { audit, mode }: RegistrationDeps,
  tx: Executor,
  action: 'register' | 'replace' | 'retire',
  clientId: ClientId,
  requestId: string,
): Promise<void> {
  const detail = { action, ...(action === 'register' ? { mode } : {}) };
  return audit.appendInTransaction(tx, { kind: 'registration', outcome: 'success', requestId, clientId, detail });
}
