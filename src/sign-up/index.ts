export { organisationDomain } from './email-domain.ts';
export {
  cancelInvitation,
  endInvitationsBy,
  endInvitationsToAddress,
  listInvitations,
  type PendingInvitation,
} from './organisation-invitations.ts';
export { signUpRoutes } from './routes.ts';
export { insertSignUp, purgeSignUps } from './sign-up-store.ts';
