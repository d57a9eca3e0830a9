import { acceptInvitation } from './accept-invitation.ts';
import { access } from './access.ts';
import { administration } from './administration.ts';
import { apps } from './apps.ts';
import { bulkInvitations } from './bulk-invitations.ts';
import { detailErrors } from './detail-errors.ts';
import { disclosures } from './disclosures.ts';
import { feeds } from './feeds.ts';
import { home } from './home.ts';
import { invitations } from './invitations.ts';
import { launcher } from './launcher.ts';
import { outbox } from './outbox.ts';
import { patientAccount } from './patient-account.ts';
import { patientInvitation } from './patient-invitation.ts';
import { patientList } from './patient-list.ts';
import { patientPage } from './patient-page.ts';
import { settings } from './settings.ts';
import { shared } from './shared.ts';
import { staff } from './staff.ts';
import { staffConsent } from './staff-consent.ts';

/** Texts of the practice portal, one file per subject. */
export const practicePortal = {
  acceptInvitation,
  access,
  administration,
  apps,
  bulkInvitations,
  detailErrors,
  disclosures,
  feeds,
  home,
  invitations,
  launcher,
  outbox,
  patientAccount,
  patientInvitation,
  patientList,
  patientPage,
  settings,
  shared,
  staff,
  staffConsent,
};
