import generated from './generated/ipa-profiles.json' with { type: 'json' };

/** Compiled by scripts/compile-ipa.mjs: the profiles of International Patient Access by type. */
const PROFILES: Readonly<Record<string, readonly string[]>> = generated;

/** IPA, Declaring Conformance: what a server is an instance of. */
export const IPA_SERVER = 'http://hl7.org/fhir/uv/ipa/CapabilityStatement/ipa-server';
export const IPA_GUIDE = 'http://hl7.org/fhir/uv/ipa/ImplementationGuide/hl7.fhir.uv.ipa';

/** IPA, Profile Support: a server declares each profile. */
export const ipaProfiles = (type: string): readonly string[] => PROFILES[type] ?? [];
