import { activityMail } from './activity-email.ts';
import { apps } from './apps.ts';
import { common } from './common.ts';
import { consent } from './consent.ts';
import { kinds } from './data-categories.ts';
import { docs } from './docs.ts';
import { mail } from './email-footer.ts';
import { enrollment } from './enrollment.ts';
import { home } from './home.ts';
import { account } from './patient-portal.ts';
import { problems } from './problems.ts';
import { publicPages } from './public-site.ts';
import { reviewMail } from './review-email.ts';
import { security } from './security.ts';
import { signIn } from './sign-in.ts';
import { developers } from './sign-up.ts';

/**
 * The message catalogue: texts, or functions that build a text. Entries whose name ends in `Html` are or return
 * `Html`, all others plain text.
 */
export const en = {
  account,
  activityMail,
  apps,
  common,
  consent,
  developers,
  docs,
  enrollment,
  home,
  kinds,
  mail,
  problems,
  publicPages,
  reviewMail,
  security,
  signIn,
};

export type Messages = typeof en;
