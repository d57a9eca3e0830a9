import { approvals } from './admin-portal/approvals.ts';
import { groups } from './admin-portal/groups.ts';
import { operations } from './admin-portal/operations.ts';
import { publicPages } from './admin-portal/public-pages.ts';
import { review } from './admin-portal/review.ts';
import type { TranslatedMessages } from './web.ts';

/** Texts of the React pages of the admin portal. Developers don't load them. They are plain text, never `Html`. */
export const adminWebEn = {
  approvals,
  groups,
  operations,
  publicPages,
  review,
};

export type AdminWebMessages = TranslatedMessages<typeof adminWebEn>;
