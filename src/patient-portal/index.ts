export { createPatientPortal } from './create-patient-portal.ts';
