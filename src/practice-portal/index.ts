export { inviteFirstAdministrator } from './administration/invite-first-administrator.ts';
export type { PracticeAdminDeps } from './deps.ts';
export { inviteAdministrator, type StaffInvitationLink, type StaffInviteDeps } from './invitations/invite.ts';
export { patientAdminRoutes } from './patients/routes.ts';
export { practiceAdminRoutes } from './practice-admin-routes.ts';
