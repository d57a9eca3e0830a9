import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import type { ApiDeprecation, SensitiveLabel } from '../domain/index.ts';
import { isLoopbackHost, OperatorError } from '../kernel/index.ts';
import { type DatabaseSettings, readDatabaseSettings } from './database-settings.ts';
import { readDeprecation } from './deprecation.ts';
import { type EncryptionSettings, readEncryptionSettings } from './encryption-settings.ts';
import { type PasswordCost, readPasswordCost } from './password-cost.ts';
import { readSecretFiles } from './secret-files.ts';
import { readSensitiveLabels } from './sensitive-labels.ts';
import { SETTINGS, type SettingName } from './settings.ts';
import { readTracing, type TracingSettings } from './tracing-settings.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Number of processes that share the port. */
  readonly workers: number;
  /** Origin by which people and apps reach the server, without a trailing slash. */
  readonly publicUrl: string;
  /**
   * Path of the authorization server and of both FHIR APIs, such as `/nge/prod`. It is empty, or begins with a slash
   * and doesn't end with one.
   */
  readonly prefix: string;
  /** Folder of the program's source code. The default data folder is inside it. */
  readonly checkout: string;
  readonly dataDir: string | undefined;
  /** Database of the operator; undefined if the embedded one is used. */
  readonly databaseUrl: string | undefined;
  /** The same database with the role that owns the tables; undefined if the role of `databaseUrl` owns them. */
  readonly migrationDatabaseUrl: string | undefined;
  /** A standby of `databaseUrl` for the contents of large results; undefined if there is none. */
  readonly databaseReadUrl: string | undefined;
  readonly database: DatabaseSettings;
  /**
   * Where the key is that encrypts secrets in the database; undefined if the settings don't say. The embedded database
   * then has a key of its own.
   */
  readonly encryption: EncryptionSettings | undefined;
  /** Folder for the write-ahead log of the embedded database; undefined if it isn't archived. */
  readonly walArchiveDir: string | undefined;
  /** Folder of the audit log's archive; undefined for the default. */
  readonly auditArchiveDir: string | undefined;
  /** Years after which archived months of the audit log are dropped from the database. */
  readonly auditRetentionYears: number;
  readonly sandbox: boolean;
  readonly provisionalApps: 'sandbox' | 'inactive';
  /**
   * Who approves patient apps. `manual`: an administrator. `automatic`: the server, for apps of verified developers.
   */
  readonly patientAppReview: 'manual' | 'automatic';
  /**
   * Whether apps may register themselves (RFC 7591). `sandbox`: as provisional apps, which wait for approval. `open`:
   * as active apps without approval.
   */
  readonly dynamicRegistration: 'off' | 'sandbox' | 'open';
  /** Whether authorization responses contain the issuer in the parameter `iss` (RFC 9207). */
  readonly authorizationResponseIss: boolean;
  /**
   * Hosts (`host` or `host:port`) from which apps' key sets (JWKS) may be fetched over plain HTTP and in private
   * networks.
   */
  readonly trustedJwksHosts: readonly string[];
  /** FHIR security labels whose resources an app gets only if the patient explicitly shares them. */
  readonly sensitiveLabels: readonly SensitiveLabel[];
  /** Path of the file with plain names for medical terms. The patient portal reads it. */
  readonly consumerNames: string | undefined;
  /** Hours for which the files of a finished bulk export are stored. */
  readonly exportHours: number;
  /** Requests per minute of an app at the FHIR APIs, if an administrator has set no other number for it. */
  readonly fhirRequestsPerMinute: number;
  /**
   * Validation of incoming resources against FHIR and implementation guides. The guides are absolute paths of packages
   * or folders.
   */
  readonly validation: { readonly mode: 'off' | 'warn' | 'strict'; readonly guides: readonly string[] };
  /** Dates on which the DSTU2 API is deprecated and shut down; undefined if neither is set. */
  readonly dstu2Deprecation: ApiDeprecation | undefined;
  /** Cost of hashing new passwords. Stored hashes keep the cost with which they were created. */
  readonly passwordCost: PasswordCost;
  readonly practiceName: string;
  readonly brandName: string;
  /** Mail server and sender address; undefined if email isn't sent but stored in the outbox. */
  readonly mail: { readonly smtpUrl: string; readonly from: string } | undefined;
  /** IP addresses of the reverse proxies in front of the server, whose forwarding headers are trusted. */
  readonly trustProxy: readonly string[];
  /** How metrics are read; undefined if there are none. Without a port, they are on the server's own, with a token. */
  readonly metrics: { readonly port: number | undefined; readonly token: string | undefined } | undefined;
  /** Where OpenTelemetry traces are sent; undefined if there are none. */
  readonly tracing: TracingSettings | undefined;
  /** Seconds for which a server that is asked to stop still answers new requests. */
  readonly drainSeconds: number;
  /** `text`: addresses and links are printed at the start, before the log. `json`: standard output has only the log. */
  readonly logFormat: 'text' | 'json';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads all settings. Throws one `OperatorError` that lists all errors in them. */
export function readConfig(given: Environment): Config {
  const errors: string[] = [];
  // A message continues the name of the setting, and never contains a secret.
  const report = (name: string, message: string) => errors.push(`${name} ${message}`);
  const environment = readSecretFiles(given, report);
  const text = (name: SettingName): string => environment[name]?.trim() ?? '';
  const oneOf = <const Choice extends string>(name: SettingName, choices: readonly Choice[]): Choice => {
    const given = text(name) || settingDefault(name);
    const choice = choices.find((candidate) => candidate === given);
    if (choice === undefined) report(name, `is "${given}" but must be one of: ${choices.join(', ')}.`);
    return choice ?? (choices[0] as Choice);
  };
  const wholeNumber = (name: SettingName, least: number, most: number): number => {
    const number = Number(text(name) || settingDefault(name));
    if (!Number.isInteger(number) || number < least || number > most)
      report(name, `is "${text(name)}" but must be a whole number from ${least} to ${most}.`);
    return number;
  };
  const port = readPort(text('PORT'), report);
  const publicUrl = text('PUBLIC_URL') === '' ? `http://localhost:${port}` : readPublicUrl(text('PUBLIC_URL'), report);
  if (text('SANDBOX') === '' && isPublicAddress(publicUrl))
    report('SANDBOX', `must be set, because ${publicUrl} isn't on this machine. ${WHY_SANDBOX}`);
  const config: Config = {
    port,
    host: text('HOST') || '127.0.0.1',
    workers: wholeNumber('WORKERS', 1, MAX_WORKERS),
    publicUrl,
    prefix: readPrefix(environment['PREFIX'], report),
    checkout: path.join(import.meta.dirname, '..', '..'),
    dataDir: text('DATA_DIR') === '' ? undefined : path.resolve(environment['INIT_CWD'] ?? '', text('DATA_DIR')),
    ...readDatabaseSettings(text, wholeNumber, report),
    encryption: readEncryptionSettings(text, environment),
    walArchiveDir: readFolder(text('WAL_ARCHIVE_DIR'), environment),
    auditArchiveDir: readFolder(text('AUDIT_ARCHIVE_DIR'), environment),
    auditRetentionYears: wholeNumber('AUDIT_RETENTION_YEARS', 6, 100),
    sandbox: oneOf('SANDBOX', ['on', 'off']) === 'on',
    provisionalApps: oneOf('PROVISIONAL_APPS', ['sandbox', 'inactive']),
    patientAppReview: oneOf('PATIENT_APP_REVIEW', ['manual', 'automatic']),
    dynamicRegistration: oneOf('DYNAMIC_REGISTRATION', ['off', 'sandbox', 'open']),
    authorizationResponseIss: oneOf('AUTHORIZATION_RESPONSE_ISS', ['off', 'on']) === 'on',
    trustedJwksHosts: readHosts(text('TRUSTED_JWKS_HOSTS'), report),
    sensitiveLabels: readLabels(text('SENSITIVE_LABELS'), environment, report),
    consumerNames: readFilePath('CONSUMER_NAMES', text('CONSUMER_NAMES'), environment, report),
    exportHours: wholeNumber('EXPORT_HOURS', 1, 168),
    fhirRequestsPerMinute: wholeNumber('FHIR_REQUESTS_PER_MINUTE', 60, 1_000_000),
    validation: {
      mode: oneOf('VALIDATION', ['warn', 'off', 'strict']),
      guides: readGuides(text('VALIDATION_GUIDES'), environment, report),
    },
    dstu2Deprecation: readDstu2Deprecation(text, report),
    passwordCost: readPasswordCost(text('PASSWORD_COST') || settingDefault('PASSWORD_COST'), (message) =>
      report('PASSWORD_COST', message),
    ),
    practiceName: text('PRACTICE_NAME') || 'Live practice',
    brandName: text('BRAND_NAME') || 'Patient Access',
    mail: readMail(text('SMTP_URL'), text('MAIL_FROM'), report),
    trustProxy: readProxies(text('TRUST_PROXY'), report),
    metrics: readMetrics(text, wholeNumber, report),
    tracing: readTracing(text, oneOf, report),
    drainSeconds: wholeNumber('DRAIN_SECONDS', 0, 600),
    logFormat: oneOf('LOG_FORMAT', ['text', 'json']),
    logLevel: oneOf('LOG_LEVEL', ['info', 'debug', 'warn', 'error', 'silent']),
  };
  if (errors.length > 0)
    throw new OperatorError(`The settings can't be used:\n${errors.map((f) => `  ${f}`).join('\n')}`);
  return config;
}

/** Returns the environment of this process. Only this function and `readProcessConfig` read `process.env`. */
export const processEnvironment = (): Environment => process.env;

/** Reads the format of the log alone. An error in the other settings is printed in it. */
export const readLogFormat = (environment: Environment): Config['logFormat'] =>
  environment['LOG_FORMAT']?.trim() === 'json' ? 'json' : 'text';

/** Reads the settings of this process from its environment. */
export const readProcessConfig = (): Config => readConfig(process.env);

/**
 * Returns the folder in which the user typed the command. Relative paths on the command line start there. npm changes
 * to the checkout and passes the user's folder in INIT_CWD.
 */
export const invocationFolder = (environment: Environment, current: string): string =>
  environment['INIT_CWD'] ?? current;

const settingDefault = (name: SettingName): string => SETTINGS.find((setting) => setting.name === name)?.default ?? '';

type ReportSettingError = (name: SettingName, message: string) => void;

const WHY_SANDBOX =
  'The passwords of the sandbox are public, and its accounts open made-up records only. SANDBOX=off leaves it out; SANDBOX=on publishes it.';

/** Whether other machines reach the server at this address. */
const isPublicAddress = (url: string): boolean => URL.canParse(url) && !isLoopbackHost(new URL(url).hostname);

function readPort(text: string, report: ReportSettingError): number {
  const port = text === '' ? 8080 : Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    report('PORT', `is "${text}" but must be a number from 1 to 65535.`);
  return port;
}

/** Each worker has connections of its own to the database. */
const MAX_WORKERS = 32;

function readMetrics(
  text: (name: SettingName) => string,
  wholeNumber: (name: SettingName, least: number, most: number) => number,
  report: ReportSettingError,
): Config['metrics'] {
  const port = text('METRICS_PORT') === '' ? undefined : wholeNumber('METRICS_PORT', 1, 65_535);
  if (port !== undefined && port === readPort(text('PORT'), () => {}))
    report('METRICS_PORT', 'must differ from PORT. To have the metrics on the same port, set only METRICS_TOKEN.');
  const token = text('METRICS_TOKEN') || undefined;
  if (token !== undefined && !/^[!-~]{16,200}$/.test(token))
    report('METRICS_TOKEN', 'must have 16 to 200 visible ASCII characters.');
  if (token !== undefined && port === undefined && Number(text('WORKERS')) > 1)
    report(
      'METRICS_TOKEN',
      'needs METRICS_PORT if there are several WORKERS, because each of them counts its own requests.',
    );
  return port === undefined && token === undefined ? undefined : { port, token };
}

function readDstu2Deprecation(
  text: (name: SettingName) => string,
  report: ReportSettingError,
): ApiDeprecation | undefined {
  const names = { deprecated: 'DSTU2_DEPRECATED', sunset: 'DSTU2_SUNSET' } as const;
  const given = { deprecated: text(names.deprecated), sunset: text(names.sunset) };
  return readDeprecation(given, (name, message) => report(names[name], message));
}

const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

const splitList = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function readProxies(text: string, report: ReportSettingError): readonly string[] {
  const proxies = splitList(text);
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/');
    const known =
      NAMED_NETWORKS.includes(proxy) || (isIP(address) !== 0 && (bits === undefined || /^\d{1,3}$/.test(bits)));
    if (!known) report('TRUST_PROXY', `contains "${proxy}" but must list addresses such as 10.0.0.0/8, or loopback.`);
  }
  return proxies;
}

function readHosts(text: string, report: ReportSettingError): readonly string[] {
  const hosts = splitList(text).map((host) => host.toLowerCase());
  for (const host of hosts.filter((one) => !/^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/.test(one)))
    report('TRUSTED_JWKS_HOSTS', `contains "${host}" but must list hosts such as keys.example.org or localhost:9000.`);
  return hosts;
}

function readLabels(text: string, environment: Environment, report: ReportSettingError): readonly SensitiveLabel[] {
  if (text === '') return [];
  const file = path.resolve(environment['INIT_CWD'] ?? '', text);
  return readSensitiveLabels(file, (message) => report('SENSITIVE_LABELS', message));
}

/** Reads the path of a folder, which may not exist yet. Relative paths start at the folder of the command. */
const readFolder = (text: string, environment: Environment): string | undefined =>
  text === '' ? undefined : path.resolve(environment['INIT_CWD'] ?? '', text);

/** Reads the path of a file and checks that it exists. Relative paths start at the folder of the command. */
function readFilePath(
  name: SettingName,
  text: string,
  environment: Environment,
  report: ReportSettingError,
): string | undefined {
  if (text === '') return undefined;
  const file = path.resolve(environment['INIT_CWD'] ?? '', text);
  if (!existsSync(file)) report(name, `names ${file}, but there is no such file.`);
  return file;
}

/**
 * Reads the paths of implementation guides and checks that they exist. The guides themselves are read when they are
 * needed.
 */
function readGuides(text: string, environment: Environment, report: ReportSettingError): readonly string[] {
  const guides = splitList(text).map((entry) => path.resolve(environment['INIT_CWD'] ?? '', entry));
  for (const entry of guides.filter((one) => !existsSync(one)))
    report('VALIDATION_GUIDES', `names ${entry}, but there is no such file or folder.`);
  return guides;
}

function readMail(smtpUrl: string, from: string, report: ReportSettingError): Config['mail'] {
  if (smtpUrl === '') return undefined;
  if (!/^smtps?:\/\//.test(smtpUrl) || !URL.canParse(smtpUrl))
    report('SMTP_URL', 'must look like smtp://user:password@host:587.');
  if (!/^[^@\s]+@[^@\s]+$/.test(from)) report('MAIL_FROM', 'must be an email address: the sender of all emails.');
  return { smtpUrl, from };
}

function readPublicUrl(text: string, report: ReportSettingError): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    report('PUBLIC_URL', `is "${text}" but must be a URL such as https://api.example.org.`);
  } else if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    report('PUBLIC_URL', `is "${text}" but must have only a scheme, a host and a port. Set the path in PREFIX.`);
  }
  return url?.origin ?? text;
}

function readPrefix(text: string | undefined, report: ReportSettingError): string {
  if (text === undefined) return '/nge/prod';
  const prefix = text.trim().replace(/\/+$/, '');
  if (prefix !== '' && (!/^(\/[\w.~-]+)+$/.test(prefix) || /\/\.{1,2}(\/|$)/.test(prefix)))
    report('PREFIX', `is "${text}" but must be a path such as /nge/prod.`);
  return prefix;
}
