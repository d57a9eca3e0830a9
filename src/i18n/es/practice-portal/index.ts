import type { Messages } from '../../en/index.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { access } from './access.ts';
import { administration } from './administration.ts';
import { apps } from './apps.ts';
import { detailErrors } from './detail-errors.ts';
import { disclosures } from './disclosures.ts';
import { home } from './home.ts';
import { invitations } from './invitations.ts';
import { outbox } from './outbox.ts';
import { settings } from './settings.ts';
import { shared } from './shared.ts';
import { staff } from './staff.ts';
import { staffConsent } from './staff-consent.ts';

export const practicePortal: Messages['practicePortal'] = {
  acceptInvitation,
  access,
  administration,
  apps,
  detailErrors,
  disclosures,
  home,
  invitations,
  outbox,
  settings,
  shared,
  staff,
  staffConsent,
};
