import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AuditKind } from '../audit/index.ts';
import type { ReplicaResult } from '../database/index.ts';
import type { AppActivityLog } from '../domain/index.ts';
import type { SentResponse } from '../http/index.ts';

/** Numbers at the time of a scrape, by labels. Labels have values from fixed lists only. */
export type Samples = readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];

export interface GaugeSource {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  /** How the values of several processes are combined. Values of the database are the same in all of them. */
  readonly aggregator?: 'sum' | 'max' | 'min';
  read(): Samples | Promise<Samples>;
}

export interface Metrics {
  readonly contentType: string;
  /** Returns all metrics in the text format of Prometheus. */
  text(): Promise<string>;
  /** Returns all metrics as objects, from which those of several processes are combined. */
  values(): ReturnType<Registry['getMetricsAsJSON']>;
  observeResponse(response: SentResponse): void;
  countAuditEvent(kind: AuditKind, outcome: 'success' | 'failure'): void;
  countLostAuditEvents(count: number): void;
  countReplicaRead(result: ReplicaResult): void;
  /** Returns a log that also counts tokens, steps of authorizations, and searches. */
  countActivity(log: AppActivityLog): AppActivityLog;
  /** Adds a metric that is read at each scrape. */
  addGauge(source: GaugeSource): void;
}

/** Seconds from which a search counts as slow. */
const SLOW_SEARCH = 1;
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Creates the metrics of this process. A label's value is always from a list that the code determines: surfaces, route
 * patterns, methods, codes and kinds. Ids, parameters, names of apps and data of patients are never labels.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'patient_access_http_requests_total',
    help: 'Responses by surface, method, route pattern and outcome.',
    labelNames: ['surface', 'method', 'route', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'patient_access_http_request_duration_seconds',
    help: 'Time from the request to the end of its response, by surface and route pattern.',
    labelNames: ['surface', 'route'],
    buckets: BUCKETS,
    registers,
  });
  const problems = new Counter({
    name: 'patient_access_problems_total',
    help: 'Error responses by surface and error code (docs/guide/errors.md).',
    labelNames: ['surface', 'code'],
    registers,
  });
  const audited = new Counter({
    name: 'patient_access_audit_events_total',
    help: 'Events that were appended to the audit log, by kind and outcome. Those of tokens are in tokens_issued_total.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const auditLost = new Counter({
    name: 'patient_access_audit_failures_total',
    help: 'Events that could not be appended to the audit log. The requests that caused them failed too.',
    registers,
  });
  const tokens = new Counter({
    name: 'patient_access_tokens_issued_total',
    help: 'Access tokens that were issued, by grant type.',
    labelNames: ['grant_type'],
    registers,
  });
  const steps = new Counter({
    name: 'patient_access_authorization_steps_total',
    help: 'Authorizations that reached a step, such as allowed and denied (consents) or exchanged.',
    labelNames: ['step'],
    registers,
  });
  const oauthErrors = new Counter({
    name: 'patient_access_oauth_errors_total',
    help: 'Errors that the authorization server returned to apps, by endpoint.',
    labelNames: ['endpoint'],
    registers,
  });
  const slow = new Counter({
    name: 'patient_access_slow_searches_total',
    help: `Searches that took ${SLOW_SEARCH} s or longer, or were stopped (503), by API, resource type and outcome.`,
    labelNames: ['api', 'type', 'outcome'],
    registers,
  });
  const replicaReads = new Counter({
    name: 'patient_access_replica_reads_total',
    help: 'Large results whose contents the standby (DATABASE_READ_URL) could have served, by where they came from.',
    labelNames: ['result'],
    registers,
  });

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    values: () => registry.getMetricsAsJSON(),
    observeResponse({ method, surface, route, status, seconds, problem }) {
      requests.inc({ surface, method, route, outcome: outcomeOf(status) });
      durations.observe({ surface, route }, seconds);
      if (problem !== undefined) problems.inc({ surface, code: problem });
    },
    countAuditEvent: (kind, outcome) => audited.inc({ kind, outcome }),
    countLostAuditEvents: (count) => auditLost.inc(count),
    countReplicaRead: (result) => replicaReads.inc({ result }),
    countActivity: (log) => ({
      logError(error) {
        oauthErrors.inc({ endpoint: error.endpoint });
        log.logError(error);
      },
      logToken(token) {
        tokens.inc({ grant_type: token.grantType });
        log.logToken(token);
      },
      logResponse(request) {
        const { interaction, api, type, status, milliseconds } = request;
        if (interaction === 'search' && (status === 503 || milliseconds >= SLOW_SEARCH * 1000))
          slow.inc({ api, type: type ?? 'other', outcome: status === 503 ? 'stopped' : 'slow' });
        log.logResponse(request);
      },
      countStep(clientId, step) {
        steps.inc({ step });
        log.countStep(clientId, step);
      },
    }),
    addGauge({ name, help, labels = [], aggregator = 'sum', read }) {
      new Gauge({
        name: `patient_access_${name}`,
        help,
        labelNames: [...labels],
        registers,
        aggregator,
        async collect() {
          this.reset();
          for (const sample of await read()) this.set(sample.labels ?? {}, sample.value);
        },
      });
    },
  };
}

function outcomeOf(status: number): string {
  if (status < 400) return 'success';
  if (status === 429) return 'limited';
  if (status === 499) return 'client-gone';
  if (status < 500) return 'rejected';
  return status === 503 ? 'unavailable' : 'error';
}
