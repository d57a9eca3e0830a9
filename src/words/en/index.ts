import { account } from './account.ts';
import { activityMail } from './activity-mail.ts';
import { apps } from './apps.ts';
import { common } from './common.ts';
import { consent } from './consent.ts';
import { developers } from './developers.ts';
import { docs } from './docs.ts';
import { enrollment } from './enrollment.ts';
import { home } from './home.ts';
import { kinds } from './kinds.ts';
import { mail } from './mail.ts';
import { problems } from './problems.ts';
import { publicPages } from './public.ts';
import { reviewMail } from './review-mail.ts';
import { security } from './security.ts';
import { signIn } from './sign-in.ts';

/**
 * The message catalogue: texts, or functions that build a text. Entries whose name ends in `Html` return HTML, all
 * others plain text.
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

export type Words = typeof en;
