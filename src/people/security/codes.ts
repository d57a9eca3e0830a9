import { ownPath, Problem } from '../../kernel/index.ts';
import type { Act, Doing } from '../act.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { factorsOf } from '../factors/factors.ts';
import { keepCodes, newCodes } from '../factors/recovery-codes.ts';
import { findPerson } from '../person.ts';
import { CODES_PATH, SECURITY_PATH } from './paths.ts';
import type { SignedInHere } from './place.ts';

/**
 * The response to the form shows the recovery codes once. Sending the form again, because the response was lost,
 * creates new codes that replace them.
 */
export function codesAct(deps: PeopleDeps, changes: Changes): Act<SignedInHere> {
  const next = ({ query, form }: Doing<SignedInHere>): string => {
    const path = ownPath(deps.publicUrl, query['return_to'] ?? form['return_to']);
    return path === '/' ? SECURITY_PATH : path;
  };
  return {
    path: CODES_PATH,
    async page(context, errors) {
      const factors = await factorsOf(deps.db, context.user.accountId);
      const page = { csrf: context.csrf, errors, action: CODES_PATH, fields: { return_to: next(context) } };
      return deps.pages.codes(
        { ...page, back: next(context), hadCodes: (factors?.recoveryCodes ?? 0) > 0 },
        context.pageContext,
      );
    },
    async act(context) {
      const { request, user, pageContext } = context;
      const { accountId } = user;
      const generated = await newCodes(deps.random, accountId);
      await deps.db.transaction(async (tx) => {
        if (!(await keepCodes(tx, accountId, generated)))
          throw new Problem('not-changeable', { status: 403, message: 'This account can’t be changed.' });
        await changes.changed(tx, request, accountId, 'codes-made');
      });
      const username = (await findPerson(deps.db, accountId))?.username ?? '';
      return { page: deps.pages.shownCodes({ codes: generated.codes, username, next: next(context) }, pageContext) };
    },
  };
}
