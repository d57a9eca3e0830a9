export { createPublicSite } from './create-public-site.ts';
export { createStatus } from './status/create-status.ts';
export {
  addIncident,
  addIncidentUpdate,
  findIncident,
  type Incident,
  listIncidents,
  removeIncident,
} from './status/incidents.ts';
export { toIncidentResponse } from './status/status-responses.ts';
