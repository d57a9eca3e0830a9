import type { FastifyInstance } from 'fastify';
import { EXPORTS, exportPath } from '../../core/export-operations.ts';
import { readBodiesAsText } from '../parameters-body.ts';
import { callExport, type ExportDeps } from './call.ts';
import { answerFile } from './file.ts';
import { kickOff } from './kick-off.ts';
import { answerStatus, removeExport } from './status.ts';

/** Bytes: ten thousand patients. */
const LONGEST_KICK_OFF = 2_097_152;

type GroupParams = { Params: { id?: string } };
type JobParams = { Params: { job: string } };
type FileParams = { Params: { job: string; file: string } };

/** Bulk Data Access 2.0 for backend services: kick-off, status, files, removal. */
export function exportRoutes(scope: FastifyInstance, deps: ExportDeps): void {
  void scope.register(async (own) => {
    readBodiesAsText(own, LONGEST_KICK_OFF);
    for (const operation of EXPORTS) {
      own.route<GroupParams>({
        method: ['GET', 'POST'],
        url: exportPath(operation).replace('{id}', ':id'),
        handler: (request, reply) =>
          callExport(deps, request, reply, 'start', (call) => kickOff(call, operation, request.params.id)),
      });
    }
    own.get<JobParams>('/export/:job', (request, reply) =>
      callExport(deps, request, reply, 'status', (call) => answerStatus(call, request.params.job)),
    );
    own.delete<JobParams>('/export/:job', (request, reply) =>
      callExport(deps, request, reply, 'remove', (call) => removeExport(call, request.params.job)),
    );
    own.get<FileParams>('/export/:job/:file', (request, reply) =>
      callExport(deps, request, reply, 'download', (call) => answerFile(call, request.params.job, request.params.file)),
    );
  });
}
