import type { FastifyRequest } from 'fastify';
import type { ClientId } from '../../kernel/index.ts';
import { type Frame, honourLocales } from '../../words/index.ts';
import type { PeopleDeps } from '../deps.ts';

/**
 * Returns the app that sent the person to sign in, if it is registered. The client id comes from the return address,
 * which anyone can write.
 */
export async function appOf(
  deps: Pick<PeopleDeps, 'publicUrl' | 'appName'>,
  returnTo: string,
): Promise<{ clientId?: ClientId; appName?: string }> {
  const clientId = new URL(returnTo, deps.publicUrl).searchParams.get('client_id') as ClientId | null;
  const appName = clientId === null ? undefined : await deps.appName(clientId);
  return clientId === null || appName === undefined ? {} : { clientId, appName };
}

/**
 * Page context with the brand of the practice whose launch or invitation the return address belongs to; otherwise with
 * the operator's.
 */
export async function frameOf(
  deps: Pick<PeopleDeps, 'publicUrl' | 'practiceOf' | 'framing'>,
  request: FastifyRequest,
  returnTo: string,
  here: string,
): Promise<Frame> {
  const to = new URL(returnTo, deps.publicUrl);
  honourLocales(request.headers, to.searchParams.get('ui_locales') ?? '');
  const practiceId = await deps.practiceOf(to);
  return practiceId === undefined
    ? deps.framing.plain(request, here)
    : deps.framing.ofPractice(request, practiceId, here);
}
