import type { FastifyInstance } from 'fastify';
import { EXPORTS, exportPath } from '../../core/export-operations.ts';
import { readBodiesAsText } from '../parameters-body.ts';
import { callExport, type ExportDeps } from './call.ts';
import { answerFile } from './file.ts';
import { kickOff } from './kick-off.ts';
import { answerStatus, removeExport } from './status.ts';

/** Size limit of a kick-off body in bytes. It is enough for ten thousand patients. */
const MAX_KICK_OFF_BYTES = 2_097_152;

type ExportStartParams = { Params: { id?: string } };
type ExportJobParams = { Params: { job: string } };
type ExportFileParams = { Params: { job: string; file: string } };

/** Registers the routes of Bulk Data Access 2.0 for backend services: kick-off, status, files, and removal. */
export function exportRoutes(scope: FastifyInstance, deps: ExportDeps): void {
  void scope.register(async (own) => {
    readBodiesAsText(own, MAX_KICK_OFF_BYTES);
    for (const operation of EXPORTS) {
      own.route<ExportStartParams>({
        method: ['GET', 'POST'],
        url: exportPath(operation).replace('{id}', ':id'),
        handler: (request, reply) =>
          callExport(deps, request, reply, 'start', (call) => kickOff(call, operation, request.params.id)),
      });
    }
    own.get<ExportJobParams>('/export/:job', (request, reply) =>
      callExport(deps, request, reply, 'status', (call) => answerStatus(call, request.params.job)),
    );
    own.delete<ExportJobParams>('/export/:job', (request, reply) =>
      callExport(deps, request, reply, 'remove', (call) => removeExport(call, request.params.job)),
    );
    own.get<ExportFileParams>('/export/:job/:file', (request, reply) =>
      callExport(deps, request, reply, 'download', (call) => answerFile(call, request.params.job, request.params.file)),
    );
  });
}
