/** Number of pages on which a person enters something to create an account: identity, username, and password or passkey. */
export const ENROLLMENT_STEPS = 3;
