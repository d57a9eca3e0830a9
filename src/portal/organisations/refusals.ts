import { Problem } from '../../kernel/index.ts';
import type { MemberRefusal } from '../../registry/index.ts';

export const conflict = (message: string): Problem => new Problem('conflict', { status: 409, message });

/** Same error for other people's organizations and for those that don't exist. */
export const missing = (message = 'There is no such thing, or it is not yours.'): Problem =>
  new Problem('not-found', { status: 404, message });

export const refusalOf = (error: MemberRefusal): Problem =>
  error === 'missing'
    ? missing('There is no such member: somebody may have removed them. Load the page again.')
    : conflict('Nobody else administers the organization. Make somebody else an administrator first.');
