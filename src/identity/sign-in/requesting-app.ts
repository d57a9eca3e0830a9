import type { FastifyRequest } from 'fastify';
import { applyUiLocales, type PageContext } from '../../i18n/index.ts';
import type { ClientId, PracticeId } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';

/**
 * Returns the registered app that sent the person to sign in; an empty object if there is none. The client id comes
 * from the return address, which anyone can write, so it proves nothing.
 */
export async function findRequestingApp(
  deps: Pick<IdentityDeps, 'publicUrl' | 'findAppName'>,
  returnTo: string,
): Promise<{ clientId?: ClientId; appName?: string }> {
  const clientId = new URL(returnTo, deps.publicUrl).searchParams.get('client_id') as ClientId | null;
  const appName = clientId === null ? undefined : await deps.findAppName(clientId);
  return clientId === null || appName === undefined ? {} : { clientId, appName };
}

/**
 * Returns the language and brand of the sign-in page. If the return address belongs to an app launch or invitation of a
 * practice, the page has the practice's brand, otherwise the operator's.
 */
export async function signInPageContext(
  deps: Pick<IdentityDeps, 'publicUrl' | 'returnPractices' | 'framing'>,
  request: FastifyRequest,
  returnTo: string,
  here: string,
): Promise<PageContext> {
  const to = new URL(returnTo, deps.publicUrl);
  applyUiLocales(request.headers, to.searchParams.get('ui_locales') ?? '');
  const practiceId = await findReturnPractice(deps, to);
  return practiceId === undefined
    ? deps.framing.forOperator(request, here)
    : deps.framing.forPractice(request, practiceId, here);
}

async function findReturnPractice(
  { returnPractices }: Pick<IdentityDeps, 'returnPractices'>,
  to: URL,
): Promise<PracticeId | undefined> {
  for (const find of returnPractices) {
    const practiceId = await find(to);
    if (practiceId !== undefined) return practiceId;
  }
  return undefined;
}
