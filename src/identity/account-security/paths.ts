/** Paths of the account security pages, which are the same for patients, staff and developers. */
export const SECURITY_PATH = '/account/security';
export const CONFIRM_PATH = `${SECURITY_PATH}/confirm`;
export const CODES_PATH = `${SECURITY_PATH}/recovery-codes`;

/** Path of the overview with a message about the completed change. */
export const overviewPath = (done: string): string => `${SECURITY_PATH}?${new URLSearchParams({ done })}`;
