export { createSignUp } from './create-sign-up.ts';
export { isVisitorAddress, organisationDomain } from './email-domain.ts';
export {
  cancelInvitation,
  endInvitationsBy,
  endInvitationsToAddress,
  endUnusedSignUp,
  listInvitations,
  type PendingInvitation,
} from './organisation-invitations.ts';
export { insertSignUp } from './sign-up-store.ts';
