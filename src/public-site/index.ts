export { docsRoutes } from './docs/routes.ts';
export { galleryApi, galleryRoutes } from './gallery/routes.ts';
export { brandsPageRoutes } from './practices/brands-page-routes.ts';
export {
  addIncident,
  addIncidentUpdate,
  findIncident,
  type Incident,
  listIncidents,
  removeIncident,
} from './status/incidents.ts';
export { createProbes } from './status/probes.ts';
export { statusApi, statusRoutes } from './status/routes.ts';
export type { StatusMonitor } from './status/status.ts';
export { createStatusMonitor } from './status/status.ts';
export { toIncidentResponse } from './status/status-responses.ts';
export { purgeStatus } from './status/store.ts';
export { openApiDocuments } from './swagger/documents.ts';
export { swaggerRoutes } from './swagger/routes.ts';
export { webRoutes } from './web/web-app-routes.ts';
