import type { ExportJob } from '../../export/export-job.ts';

export const exportJobUrl = (base: string, jobId: string): string => `${base}/export/${jobId}`;

/**
 * Builds the manifest of a finished export (Bulk Data 2.0, complete status): the output files and the time of the data.
 * Deleted resources are not listed.
 */
export const buildManifest = (job: ExportJob, base: string): object => ({
  transactionTime: job.transactionAt?.toISOString(),
  request: job.request,
  requiresAccessToken: true,
  output: job.files.map(({ type, count }) => ({ type, url: `${exportJobUrl(base, job.jobId)}/${type}.ndjson`, count })),
  deleted: [],
  error: [],
});

/**
 * Describes the progress of an export for the X-Progress header (Bulk Data 2.0, in-progress status), in at most 100
 * characters.
 */
export function progressText({ state, patients, patientsDone, written }: ExportJob): string {
  if (state === 'waiting' || patients === undefined) return 'waiting to start';
  const percent = patients === 0 ? 0 : Math.min(99, Math.floor((100 * patientsDone) / patients));
  return `${percent}%, ${written} resources`;
}
