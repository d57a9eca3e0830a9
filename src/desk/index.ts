export {
  type Administrator,
  inviteFirstAdministrator,
  listAdministrators,
} from './administration/administrators.ts';
export type { OfficeDeps } from './deps.ts';
export { type InviteDeps, type Invited, inviteAdministrator } from './invitations/invite.ts';
export { officeRoutes } from './office.ts';
export { patientRoutes } from './patients/routes.ts';
