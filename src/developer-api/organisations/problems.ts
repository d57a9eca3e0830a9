import type { MemberChangeError } from '../../apps/index.ts';
import { Problem } from '../../kernel/index.ts';

export const conflictProblem = (message: string): Problem => new Problem('conflict', { status: 409, message });

/** Same error for other people's organizations and for those that don't exist. */
export const notFoundProblem = (message = 'There is no such thing, or it is not yours.'): Problem =>
  new Problem('not-found', { status: 404, message });

export const toMemberProblem = (error: MemberChangeError): Problem =>
  error === 'missing'
    ? notFoundProblem('There is no such member: somebody may have removed them. Load the page again.')
    : conflictProblem('Nobody else administers the organization. Make somebody else an administrator first.');
