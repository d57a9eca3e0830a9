export type { AuditEvent, AuditKind } from './event.ts';
export { openTrail, type Trail } from './trail.ts';
