import type { MemberChangeError } from '../../apps/index.ts';
import { conflictProblem, notFoundProblem, type Problem } from '../../kernel/index.ts';

export const toMemberProblem = (error: MemberChangeError): Problem =>
  error === 'missing'
    ? notFoundProblem('There is no such member: somebody may have removed them. Load the page again.')
    : conflictProblem('Nobody else administers the organization. Make somebody else an administrator first.');
