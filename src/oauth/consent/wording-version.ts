/**
 * Version of the text that people agree to, on the consent page and in the receipt, in every language. Change it
 * whenever that text changes in any language, so that each receipt identifies the text that was read.
 */
export const CONSENT_WORDING_VERSION = '2026-11-30.2';
