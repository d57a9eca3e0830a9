import generated from './generated/us-core-profiles.json' with { type: 'json' };

/** Compiled by scripts/compile-us-core-profiles.mjs: type, then profile, then the versions of US Core that have it. */
const PROFILES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = generated;

const VERSIONS = [...new Set(Object.values(PROFILES).flatMap((profiles) => Object.values(profiles).flat()))].sort();

const inEach = (url: string): readonly string[] => [url, ...VERSIONS.map((version) => `${url}|${version}`)];

/** US Core, CapabilityStatement of a server: what this one is an instance of, in general and of each version. */
export const US_CORE_SERVERS = inEach('http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server');
export const US_CORE_GUIDES = VERSIONS.map(
  (version) => `http://hl7.org/fhir/us/core/ImplementationGuide/hl7.fhir.us.core|${version}`,
);

/** US Core, General Requirements: a server declares each profile. Some readers look for it with its version, others without. */
export const supportedProfiles = (type: string): readonly string[] =>
  Object.entries(PROFILES[type] ?? {}).flatMap(([url, versions]) => [
    url,
    ...versions.map((version) => `${url}|${version}`),
  ]);
