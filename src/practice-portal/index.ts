export { inviteFirstAdministrator } from './administration/invite-first-administrator.ts';
export { createPracticePortal } from './create-practice-portal.ts';
export { inviteAdministrator, type StaffInvitationLink, type StaffInviteDeps } from './invitations/invite.ts';
