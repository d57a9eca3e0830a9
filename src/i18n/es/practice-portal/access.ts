import type { Messages } from '../../en/index.ts';

export const access: Messages['practicePortal']['access'] = {
  roleMissing: (roles, practice) =>
    `Para abrir esta página, necesita esta función en ${practice}: ${roles}. Pida acceso a un administrador del consultorio.`,
};
