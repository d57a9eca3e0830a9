/** Paths of the account security pages, which are the same for patients, staff and developers. */
export const SECURITY_PATH = '/account/security';
export const CONFIRM_PATH = `${SECURITY_PATH}/confirm`;
export const CODES_PATH = `${SECURITY_PATH}/recovery-codes`;

/** Path of the security overview with a message about a completed change. @param done key of the message */
export const overviewPath = (done: string): string => `${SECURITY_PATH}?${new URLSearchParams({ done })}`;
