export { organisationDomain } from './email-domain.ts';
export { signUpRoutes } from './routes.ts';
export { insertSignUp, purgeSignUps } from './sign-up-store.ts';
