import type { FastifyRequest } from 'fastify';
import type { ClientId } from '../../kernel/index.ts';
import { type Frame, honourLocales } from '../../words/index.ts';
import type { PeopleDeps } from '../deps.ts';

/** The app that sent the person, if it is one that we know: the address says so, and anyone can write an address. */
export async function appOf(
  deps: Pick<PeopleDeps, 'publicUrl' | 'appName'>,
  returnTo: string,
): Promise<{ clientId?: ClientId; appName?: string }> {
  const clientId = new URL(returnTo, deps.publicUrl).searchParams.get('client_id') as ClientId | null;
  const appName = clientId === null ? undefined : await deps.appName(clientId);
  return clientId === null || appName === undefined ? {} : { clientId, appName };
}

/** With the brand of the practice that the person comes from, where a launch or an invitation tells; else the operator's. */
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
