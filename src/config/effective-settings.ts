import type { Config } from './config.ts';
import { formatPasswordCost } from './password-cost.ts';
import { SETTINGS, type Setting, type SettingName } from './settings.ts';

/** A setting together with the value that this process uses. */
export interface EffectiveSetting extends Setting {
  /** Value of the setting; empty if it isn't set. */
  readonly value: string;
  /** True for a secret setting. Its value is `set` or empty. */
  readonly hidden: boolean;
}

const onOff = (on: boolean): string => (on ? 'on' : 'off');
const list = (values: readonly string[]): string => values.join(', ');
const isSet = (value: unknown): string => (value === undefined ? '' : 'set');
const instant = (at: Date | undefined): string => at?.toISOString() ?? '';

const EFFECTIVE_VALUES: Readonly<Record<SettingName, (config: Config) => string>> = {
  PORT: ({ port }) => String(port),
  HOST: ({ host }) => host,
  WORKERS: ({ workers }) => String(workers),
  PUBLIC_URL: ({ publicUrl }) => publicUrl,
  PREFIX: ({ prefix }) => prefix,
  DATA_DIR: ({ dataDir }) => dataDir ?? '',
  DATABASE_URL: ({ databaseUrl }) => isSet(databaseUrl),
  MIGRATION_DATABASE_URL: ({ migrationDatabaseUrl }) => isSet(migrationDatabaseUrl),
  DATABASE_READ_URL: ({ databaseReadUrl }) => isSet(databaseReadUrl),
  ENCRYPTION_KEY_FILE: ({ encryption }) => encryption?.keyFile ?? '',
  ENCRYPTION_KEY_PROGRAM: ({ encryption }) => encryption?.program ?? '',
  DATABASE_POOL: ({ database }) => String(database.connections),
  STATEMENT_TIMEOUT_SECONDS: ({ database }) => String(database.statementTimeout / 1000),
  WAL_ARCHIVE_DIR: ({ walArchiveDir }) => walArchiveDir ?? '',
  AUDIT_ARCHIVE_DIR: ({ auditArchiveDir }) => auditArchiveDir ?? '',
  AUDIT_RETENTION_YEARS: ({ auditRetentionYears }) => String(auditRetentionYears),
  SANDBOX: ({ sandbox }) => onOff(sandbox),
  PROVISIONAL_APPS: ({ provisionalApps }) => provisionalApps,
  PATIENT_APP_REVIEW: ({ patientAppReview }) => patientAppReview,
  DYNAMIC_REGISTRATION: ({ dynamicRegistration }) => dynamicRegistration,
  AUTHORIZATION_RESPONSE_ISS: ({ authorizationResponseIss }) => onOff(authorizationResponseIss),
  TRUSTED_JWKS_HOSTS: ({ trustedJwksHosts }) => list(trustedJwksHosts),
  SENSITIVE_LABELS: ({ sensitiveLabels }) => list(sensitiveLabels.map(({ label }) => label.en)),
  CONSUMER_NAMES: ({ consumerNames }) => consumerNames ?? '',
  EXPORT_HOURS: ({ exportHours }) => String(exportHours),
  FHIR_REQUESTS_PER_MINUTE: ({ fhirRequestsPerMinute }) => String(fhirRequestsPerMinute),
  VALIDATION: ({ validation }) => validation.mode,
  VALIDATION_GUIDES: ({ validation }) => list(validation.guides),
  DSTU2_DEPRECATED: ({ dstu2Deprecation }) => instant(dstu2Deprecation?.deprecated),
  DSTU2_SUNSET: ({ dstu2Deprecation: dstu2Retirement }) => instant(dstu2Retirement?.sunset),
  PASSWORD_COST: ({ passwordCost }) => formatPasswordCost(passwordCost),
  PRACTICE_NAME: ({ practiceName }) => practiceName,
  BRAND_NAME: ({ brandName }) => brandName,
  SMTP_URL: ({ mail }) => isSet(mail),
  MAIL_FROM: ({ mail }) => mail?.from ?? '',
  TRUST_PROXY: ({ trustProxy }) => list(trustProxy),
  METRICS_PORT: ({ metrics }) => String(metrics?.port ?? ''),
  METRICS_TOKEN: ({ metrics }) => isSet(metrics?.token),
  OTEL_EXPORTER_OTLP_ENDPOINT: ({ tracing }) => tracing?.url.replace(/\/v1\/traces$/, '') ?? '',
  OTEL_EXPORTER_OTLP_HEADERS: ({ tracing }) => (Object.keys(tracing?.headers ?? {}).length > 0 ? 'set' : ''),
  OTEL_TRACES_EXPORTER: ({ tracing }) => (tracing === undefined ? 'none' : 'otlp'),
  OTEL_SERVICE_NAME: ({ tracing }) => tracing?.serviceName ?? '',
  OTEL_TRACES_SAMPLER: ({ tracing }) => tracing?.sampler ?? '',
  OTEL_TRACES_SAMPLER_ARG: ({ tracing }) => String(tracing?.ratio ?? ''),
  DRAIN_SECONDS: ({ drainSeconds }) => String(drainSeconds),
  LOG_FORMAT: ({ logFormat }) => logFormat,
  LOG_LEVEL: ({ logLevel }) => logLevel,
};

/**
 * Returns all settings with their values in this process, for the administrators' pages. Secret values are not
 * included.
 */
export const effectiveSettings = (config: Config): readonly EffectiveSetting[] =>
  SETTINGS.map((setting) => ({
    ...setting,
    value: EFFECTIVE_VALUES[setting.name](config),
    hidden: 'secret' in setting,
  }));
