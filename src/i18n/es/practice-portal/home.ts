import { html } from '../../../kernel/index.ts';
import type { Messages } from '../../en/index.ts';

export const home: Messages['practicePortal']['home'] = {
  choosePractice: 'Elija un consultorio',
  noPractice: 'Usted no forma parte del personal de ningún consultorio',
  noPracticeText: 'Pida a un administrador de su consultorio que le invite otra vez.',
  joined: 'Aceptó la invitación. Elija dónde trabajar.',
  signedInAsHtml: (name) => html`Ha iniciado sesión como <b>${name}</b>`,
  yourRole: (roles) => `Su función: ${roles}`,
  administration: 'Administración',
  administrationText: 'Administre los consultorios, su personal y los administradores',
};
