import { localPath, Problem } from '../../kernel/index.ts';
import { findAccountProfile } from '../accounts/account-profile.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { findFactors } from '../factors/factors.ts';
import { generateRecoveryCodes, saveRecoveryCodes } from '../factors/recovery-codes.ts';
import type { FormContext, FormHandler } from '../forms/form-handlers.ts';
import type { CurrentSession } from './page-guards.ts';
import { CODES_PATH, SECURITY_PATH } from './paths.ts';

/**
 * Creates recovery codes and shows them once, in the response to the form. If that response is lost, the person can
 * submit the form again and gets new codes, which replace the lost ones.
 */
export function recoveryCodesHandler(deps: IdentityDeps, changes: CredentialChanges): FormHandler<CurrentSession> {
  const next = ({ query, form }: FormContext<CurrentSession>): string => {
    const path = localPath(deps.publicUrl, query['return_to'] ?? form['return_to']);
    return path === '/' ? SECURITY_PATH : path;
  };
  return {
    path: CODES_PATH,
    async render(context, errors) {
      const factors = await findFactors(deps.db, context.user.accountId);
      const page = { csrf: context.csrf, errors, action: CODES_PATH, fields: { return_to: next(context) } };
      return deps.pages.createRecoveryCodes(
        { ...page, back: next(context), hadCodes: (factors?.recoveryCodes ?? 0) > 0 },
        context.pageContext,
      );
    },
    async submit(context) {
      const { request, user, pageContext } = context;
      const { accountId } = user;
      const generated = await generateRecoveryCodes(deps.random, accountId);
      await deps.db.transaction(async (tx) => {
        if (!(await saveRecoveryCodes(tx, accountId, generated)))
          throw new Problem('not-changeable', { status: 403, message: 'This account can’t be changed.' });
        await changes.recordChange(tx, request, accountId, 'codes-made');
      });
      const username = (await findAccountProfile(deps.db, accountId))?.username ?? '';
      return {
        page: deps.pages.newRecoveryCodes({ codes: generated.codes, username, next: next(context) }, pageContext),
      };
    },
  };
}
