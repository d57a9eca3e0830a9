export { FAMILY_PRACTICE, HEART_CLINIC, practiceDetails } from '../directory/practice-sites.ts';
export { CASES } from '../scenarios/cases.ts';
export { ENROLLMENT_SCENARIOS, type EnrollmentStart } from '../scenarios/enrollment-scenarios.ts';
export { PATIENT_SCENARIOS } from '../scenarios/patient-scenarios.ts';
export { generatePopulation } from './generate-population.ts';
export {
  type GeneratedEnrollmentPatient,
  type GeneratedPatient,
  type GeneratedSandbox,
  type GeneratedStaff,
  generateSandbox,
  SANDBOX_SEED,
  type SandboxOptions,
  sandboxVersion,
} from './generate-sandbox.ts';
