/** Pages of an account's ways in; the same for patients and for staff. */
export const SECURITY_PATH = '/account/security';
export const CONFIRM_PATH = `${SECURITY_PATH}/confirm`;
export const CODES_PATH = `${SECURITY_PATH}/recovery-codes`;

/** The overview, with what was just done. */
export const doneAt = (done: string): string => `${SECURITY_PATH}?${new URLSearchParams({ done })}`;
