import { html } from '../../../kernel/index.ts';
import type { Messages } from '../../en/index.ts';

export const acceptInvitation: Messages['practicePortal']['acceptInvitation'] = {
  titleOfPractice: (practice) => `Únase a ${practice}`,
  titleOfInstallation: (brand) => `Administre ${brand}`,
  welcomeHtml: (name) => html`Le damos la bienvenida, <b>${name}</b>.`,
  asAdministrator:
    'Como administrador, usted crea consultorios, invita a su personal y revisa aplicaciones. Esta función no le da acceso a los expedientes de los pacientes.',
  asStaff: 'El consultorio le invita a trabajar en:',
  validUntil: (at) => `La invitación es válida hasta el ${at}.`,
  notForYou: 'Si no es para usted, cierre esta página.',
  createAccount: 'Cree su cuenta',
  haveAccount: '¿Ya tiene una cuenta de personal?',
  signIn: 'Iniciar sesión para aceptar',
  otherAccountHtml: (person) =>
    html`Usted inició sesión como <b>${person}</b>. Esa cuenta no puede aceptar esta invitación. Cree una cuenta de personal o inicie sesión con la que ya tiene. En ambos casos se cerrará la sesión de ${person}.`,
  alreadyStaffHtml: (person, practice) =>
    html`Usted inició sesión como <b>${person}</b> y ya trabaja en ${practice}. Para cambiar su función, pídalo a un administrador del consultorio.`,
  alreadyAdministratorHtml: (person) => html`Usted inició sesión como <b>${person}</b> y ya es administrador.`,
  goToStaffPages: 'Ir a sus páginas para el personal',
  acceptHtml: (person) =>
    html`Usted inició sesión como <b>${person}</b>. Puede aceptar esta función con esa cuenta. Seguirá iniciando sesión como antes y después elegirá dónde trabajar.`,
  acceptAtHtml: (person, practice) =>
    html`Usted inició sesión como <b>${person}</b>. Puede unirse a ${practice} con esa cuenta. Seguirá iniciando sesión como antes y después elegirá dónde trabajar.`,
  acceptButton: (person) => `Aceptar como ${person}`,
  createAnother: 'Crear otra cuenta',
  notYou: (person) => `Use esta opción si usted no es ${person}. Se cerrará la sesión de esa cuenta.`,
  name: 'Su nombre',
  nameHint: 'El nombre que conocen sus colegas.',
  username: 'Elija un nombre de usuario',
  usernameHint: 'Al menos 3 letras o números. Inicia sesión con este nombre de usuario y no lo puede cambiar.',
  password: 'Elija una contraseña',
  passwordHint: (least) =>
    `Al menos ${least} caracteres. Tres o cuatro palabras sin relación entre sí son fáciles de recordar y difíciles de adivinar.`,
  secondFactor:
    'En la página siguiente, usted agrega una llave de acceso o una aplicación de códigos. El personal no puede iniciar sesión solo con una contraseña.',
  button: 'Crear cuenta',
  errors: {
    name: 'Escriba su nombre, con 100 caracteres como máximo',
    username: 'Elija un nombre de usuario de 3 a 100 letras, números o . _ @ + -',
    usernameTaken: 'Ese nombre de usuario ya está en uso. Elija otro',
    alreadyStaff: 'Usted ya trabaja en este consultorio. Pida a un administrador del consultorio que cambie su función',
    password: {
      'too-short': (least) => `Elija una contraseña de al menos ${least} caracteres`,
      'too-long': () => 'Elija una contraseña de 200 caracteres como máximo',
      common: () => 'Elija otra contraseña. Esta es fácil de adivinar',
      'own-name': () => 'Elija una contraseña que no contenga su nombre ni su nombre de usuario',
    },
  },
};
