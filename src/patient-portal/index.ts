export type { PatientPortalDeps } from './deps.ts';
export { patientPortalRoutes } from './routes.ts';
