import type { SettingName } from './settings.ts';

/** Decides which traces are recorded, as the OpenTelemetry specification names it. */
export const TRACE_SAMPLERS = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
] as const;
export type TraceSampler = (typeof TRACE_SAMPLERS)[number];

/** Where traces are sent, and which. */
export interface TracingSettings {
  /** Address of the receiver for traces, with its path. */
  readonly url: string;
  /** Headers of each export, such as the key of a hosted receiver. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly sampler: TraceSampler;
  /** Share of the traces that the samplers with `traceidratio` record, 0 to 1. */
  readonly ratio: number;
}

/**
 * Reads the settings of traces, which have the names of the OpenTelemetry specification. An address or an exporter turns
 * traces on. The specification's own default would send them to this machine.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @returns undefined if there are no traces
 */
export function readTracing(
  text: (name: SettingName) => string,
  oneOf: <const Choice extends string>(name: SettingName, choices: readonly Choice[]) => Choice,
  report: (name: SettingName, message: string) => void,
): TracingSettings | undefined {
  const endpoint = text('OTEL_EXPORTER_OTLP_ENDPOINT');
  const isNamed = text('OTEL_TRACES_EXPORTER') !== '';
  const exporter = isNamed ? oneOf('OTEL_TRACES_EXPORTER', ['otlp', 'none']) : endpoint === '' ? 'none' : 'otlp';
  const settings = {
    url: readEndpoint(endpoint || 'http://localhost:4318', report),
    headers: readHeaders(text('OTEL_EXPORTER_OTLP_HEADERS'), report),
    serviceName: text('OTEL_SERVICE_NAME') || 'patient-access',
    sampler: oneOf('OTEL_TRACES_SAMPLER', TRACE_SAMPLERS),
    ratio: readRatio(text('OTEL_TRACES_SAMPLER_ARG'), report),
  };
  return exporter === 'none' ? undefined : settings;
}

function readEndpoint(endpoint: string, report: (name: SettingName, message: string) => void): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  // The message doesn't repeat the value, which may contain a password.
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '')
    report(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'must be a URL such as http://collector:4318, without a password or query. Put keys into OTEL_EXPORTER_OTLP_HEADERS.',
    );
  return `${endpoint.replace(/\/+$/, '')}/v1/traces`;
}

/** Reads headers in the format `name=value,name=value`, in which values are percent-encoded. */
function readHeaders(
  given: string,
  report: (name: SettingName, message: string) => void,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const pair of given.split(',').filter((one) => one.trim() !== '')) {
    const [, name, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*([!-~ ]*?)\s*$/.exec(pair) ?? [];
    const decoded = value === undefined ? undefined : decode(value);
    if (name === undefined || decoded === undefined)
      report('OTEL_EXPORTER_OTLP_HEADERS', 'must look like name=value,name=value, with percent-encoded values.');
    else headers[name] = decoded;
  }
  return headers;
}

function decode(value: string): string | undefined {
  try {
    const decoded = decodeURIComponent(value);
    return /^[ -~]*$/.test(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
}

function readRatio(given: string, report: (name: SettingName, message: string) => void): number {
  const ratio = Number(given || '1');
  if (!(ratio >= 0 && ratio <= 1)) report('OTEL_TRACES_SAMPLER_ARG', `is "${given}" but must be a number from 0 to 1.`);
  return ratio;
}
