export { CASES } from './cases.ts';
export { detailsOfPractice, FAMILY_PRACTICE, HEART_CLINIC } from './directory/site.ts';
export {
  type GeneratedPerson,
  type GeneratedStaff,
  generateSandbox,
  SANDBOX_SEED,
  type Sandbox,
  type SandboxOptions,
  sandboxVersion,
} from './generate.ts';
export { LIVES } from './lives/lives.ts';
export { population } from './population.ts';
