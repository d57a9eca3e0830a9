import { Problem } from '../../kernel/index.ts';
import type { MemberRefusal } from '../../registry/index.ts';

export const conflict = (message: string): Problem => new Problem('conflict', { status: 409, message });

/** The same for what is another organization's and for what there is not. */
export const missing = (message = 'There is no such thing, or it is not yours.'): Problem =>
  new Problem('not-found', { status: 404, message });

export const refusalOf = (refusal: MemberRefusal): Problem =>
  refusal === 'missing'
    ? missing('There is no such member: somebody may have removed them. Load the page again.')
    : conflict('Nobody else administers the organization. Make somebody else an administrator first.');
