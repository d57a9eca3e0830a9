export {
  type GeneratedPerson,
  generateSandbox,
  SANDBOX_SEED,
  type Sandbox,
  type SandboxOptions,
  sandboxVersion,
} from './generate.ts';
