export {
  type EraseParameters,
  type Erasure,
  type ErasureDeps,
  eraseRecord,
  eraseRecordAction,
} from './erase-record.ts';
export { findCertificate } from './erasure-store.ts';
