import type { FastifyInstance } from 'fastify';
import { EXPORT_OPERATIONS, exportPath } from '../../model/export-operations.ts';
import { readBodiesAsText } from '../request/parameters-body.ts';
import { type ExportDeps, handleExportRequest } from './call.ts';
import { handleExportFile } from './file.ts';
import { handleKickOff } from './kick-off.ts';
import { handleExportDelete, handleExportStatus } from './status.ts';

/** Maximum size of a kick-off body in bytes. It is enough for the ids of ten thousand patients. */
const MAX_KICK_OFF_BYTES = 2_097_152;

type ExportStartParams = { Params: { id?: string } };
type ExportJobParams = { Params: { job: string } };
type ExportFileParams = { Params: { job: string; file: string } };

/** Registers the routes of Bulk Data Access 2.0 for backend services: kick-off, status, files, and removal. */
export function exportRoutes(scope: FastifyInstance, deps: ExportDeps): void {
  void scope.register(async (child) => {
    readBodiesAsText(child, MAX_KICK_OFF_BYTES);
    for (const operation of EXPORT_OPERATIONS) {
      child.route<ExportStartParams>({
        method: ['GET', 'POST'],
        url: exportPath(operation).replace('{id}', ':id'),
        handler: (request, reply) =>
          handleExportRequest(deps, request, reply, 'start', (call) =>
            handleKickOff(call, operation, request.params.id),
          ),
      });
    }
    child.get<ExportJobParams>('/export/:job', (request, reply) =>
      handleExportRequest(deps, request, reply, 'status', (call) => handleExportStatus(call, request.params.job)),
    );
    child.delete<ExportJobParams>('/export/:job', (request, reply) =>
      handleExportRequest(deps, request, reply, 'remove', (call) => handleExportDelete(call, request.params.job)),
    );
    child.get<ExportFileParams>('/export/:job/:file', (request, reply) =>
      handleExportRequest(deps, request, reply, 'download', (call) =>
        handleExportFile(call, request.params.job, request.params.file),
      ),
    );
  });
}
