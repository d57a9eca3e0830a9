import type { AdminWebMessages } from '../en/admin-web.ts';
import { approvals } from './admin-portal/approvals.ts';
import { groups } from './admin-portal/groups.ts';
import { operations } from './admin-portal/operations.ts';
import { publicPages } from './admin-portal/public-pages.ts';
import { review } from './admin-portal/review.ts';

export const adminWebEs: AdminWebMessages = {
  approvals,
  groups,
  operations,
  publicPages,
  review,
};
