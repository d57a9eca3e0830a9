export { type Announce, announcer } from './announcer.ts';
export { fatalErrorLine } from './fatal-error.ts';
export { requirePort, toListenError } from './port.ts';
export type { ServeOptions } from './serve-options.ts';
export { type OpenedDatabase, type StartDatabaseOptions, startDatabase, toDatabaseLoss } from './start-database.ts';
export { type StopRequest, toStopRequest } from './stop-request.ts';
export { superviseWorkers } from './supervise-workers.ts';
export { disconnectWorker, receiveAssignment, receiveStop, type WorkerAssignment } from './worker-assignment.ts';
export { sendHeartbeats } from './worker-heartbeat.ts';
