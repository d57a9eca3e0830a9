import type { Messages } from '../en/index.ts';
import { activityEmails } from './activity-email.ts';
import { approvalEmails } from './approval-email.ts';
import { appForm } from './apps.ts';
import { auditEmails } from './audit-email.ts';
import { common } from './common.ts';
import { consent } from './consent.ts';
import { dataCategories } from './data-categories.ts';
import { docs } from './docs.ts';
import { emailFooter } from './email-footer.ts';
import { enrollment } from './enrollment.ts';
import { home } from './home.ts';
import { patientPortal } from './patient-portal.ts';
import { practicePortal } from './practice-portal/index.ts';
import { problems } from './problems.ts';
import { publicSite } from './public-site.ts';
import { reviewEmails } from './review-email.ts';
import { sampleApp } from './sample-app.ts';
import { sandbox } from './sandbox.ts';
import { sandboxStart } from './sandbox-start.ts';
import { security } from './security.ts';
import { signIn } from './sign-in.ts';
import { signUp } from './sign-up.ts';

export const es: Messages = {
  activityEmails,
  appForm,
  common,
  consent,
  dataCategories,
  docs,
  emailFooter,
  enrollment,
  home,
  patientPortal,
  practicePortal,
  problems,
  publicSite,
  reviewEmails,
  approvalEmails,
  auditEmails,
  sampleApp,
  sandbox,
  sandboxStart,
  security,
  signIn,
  signUp,
};
