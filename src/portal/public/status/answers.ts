import type { IncidentAnswer, StatusAnswer } from '../../contract/public.ts';
import { type Incident, standingOf } from './incidents.ts';
import type { StatusReport } from './status.ts';

export const incidentAnswer = (incident: Incident, now: Date): IncidentAnswer => ({
  incidentId: incident.incidentId,
  kind: incident.kind,
  title: incident.title,
  components: [...incident.components],
  beganAt: incident.beganAt.toISOString(),
  plannedUntil: incident.plannedUntil?.toISOString() ?? null,
  endedAt: incident.endedAt?.toISOString() ?? null,
  standing: standingOf(incident, now),
  posts: incident.posts.map(({ at, text }) => ({ at: at.toISOString(), text })),
});

export const reportAnswer = ({ overall, components, incidents, diskIsLow }: StatusReport, now: Date): StatusAnswer => ({
  overall,
  diskIsLow,
  components: components.map(({ component, state, checkedAt, milliseconds, good, days }) => ({
    component,
    state,
    checkedAt: checkedAt?.toISOString() ?? null,
    milliseconds: milliseconds ?? null,
    good: good ?? null,
    days: days.map((day) => ({ day: day.day, good: day.good ?? null })),
  })),
  incidents: incidents.map((incident) => incidentAnswer(incident, now)),
});
