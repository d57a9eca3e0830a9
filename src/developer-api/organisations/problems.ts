import type { MemberChangeError } from '../../apps/index.ts';
import { conflictProblem, notFoundProblem, type Problem } from '../../kernel/index.ts';

export const toMemberProblem = (error: MemberChangeError): Problem =>
  error === 'missing'
    ? notFoundProblem('This member no longer exists. Another administrator may have removed them. Reload the page.')
    : conflictProblem(
        'You are the only administrator of the organization. Make another member an administrator first.',
      );
