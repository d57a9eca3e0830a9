import { type IncidentResponse, type StatusResponse, toTimestamp } from '../../portal-api/index.ts';
import { type Incident, incidentStatus } from './incidents.ts';
import type { StatusReport } from './status.ts';

/**
 * Converts an incident or maintenance to its response in the JSON API.
 * @param now time for which the response says whether it is planned, open or over
 */
export const toIncidentResponse = (incident: Incident, now: Date): IncidentResponse => ({
  incidentId: incident.incidentId,
  kind: incident.kind,
  title: incident.title,
  components: [...incident.components],
  beganAt: incident.beganAt.toISOString(),
  plannedUntil: toTimestamp(incident.plannedUntil),
  endedAt: toTimestamp(incident.endedAt),
  standing: incidentStatus(incident, now),
  posts: incident.posts.map(({ at, text }) => ({ at: at.toISOString(), text })),
});

export const toStatusResponse = (
  { overall, components, incidents, diskIsLow }: StatusReport,
  now: Date,
): StatusResponse => ({
  overall,
  diskIsLow,
  components: components.map(({ component, state, checkedAt, milliseconds, uptime, days }) => ({
    component,
    state,
    checkedAt: toTimestamp(checkedAt),
    milliseconds: milliseconds ?? null,
    good: uptime ?? null,
    days: days.map((day) => ({ day: day.day, good: day.uptime ?? null })),
  })),
  incidents: incidents.map((incident) => toIncidentResponse(incident, now)),
});
