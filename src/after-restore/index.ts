export {
  type LostRevocation,
  type Reapplied,
  type RestoreReport,
  reapplyRevocations,
  reportRestore,
} from './after-restore.ts';
export { createAfterRestore } from './create-after-restore.ts';
