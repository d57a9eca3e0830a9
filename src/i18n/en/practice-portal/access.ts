/** Errors of staff whose role doesn’t include a page. */
export const access = {
  /** @param roles names of the roles, one of which is required */
  roleMissing: (roles: string, practice: string) =>
    `To open this page, you need the role ${roles} at ${practice}. Ask an administrator of the practice for access.`,
};
