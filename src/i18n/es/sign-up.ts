import type { Messages } from '../en/index.ts';
import { terms } from './terms.ts';

export const signUp: Messages['signUp'] = {
  roles: {
    administrator: terms.organisationRoles.administrator.toLowerCase(),
    developer: terms.organisationRoles.developer.toLowerCase(),
    reader: terms.organisationRoles.reader.toLowerCase(),
  },
  start: {
    title: 'Regístrese como desarrollador',
    lead: 'Haga una aplicación que los pacientes conectan con su expediente médico. Recibe credenciales de prueba de inmediato.',
    field: 'Su dirección de correo del trabajo',
    hint: 'Enviamos ahí un enlace. La primera persona de un dominio de correo crea su organización; las demás piden unirse a ella.',
    button: 'Enviarme el enlace',
    haveOne: '¿Ya tiene una cuenta?',
    signIn: 'Inicie sesión',
    invalid: 'Escriba una dirección de correo, como nombre@example.com',
  },
  sent: {
    title: 'Revise su correo',
    lead: 'Enviamos un correo a la dirección que nos dio. El enlace sirve una vez, durante 24 horas.',
    more: 'Si en unos minutos no llegó nada, mire en la carpeta de correo no deseado, revise la dirección y pídalo otra vez. A una misma dirección van como máximo tres correos por hora.',
    emailNotSent:
      'Este servidor no envía correo. Lo guarda: lo leen quienes están en la máquina donde funciona y sus administradores, en',
    outbox: terms.outbox,
    again: 'Pedirlo otra vez',
  },
  expiredLink: {
    title: 'Este enlace ya no se puede usar',
    lead: 'Ya se usó, es demasiado antiguo o fue retirado.',
    signIn: 'Inicie sesión, si tiene una cuenta',
    again: 'Pida otro enlace',
  },
  account: {
    title: 'Cree su cuenta de desarrollador',
    joinTitle: (organisation) => `Únase a ${organisation}`,
    address: 'Su dirección, con la que inicia sesión:',
    name: 'Su nombre',
    nameHint: 'Como lo ven sus colegas y los administradores de este servidor.',
    organisation: 'Nombre de su organización',
    firstOfDomain: (domain) =>
      `Usted es la primera persona con una dirección de ${domain}. Administra su organización, y quien tenga otra dirección así le pide a usted que le deje entrar. Los pacientes leen este nombre junto a sus aplicaciones.`,
    publicProvider:
      'Los pacientes leen este nombre junto a sus aplicaciones. Su dirección es de un proveedor que cualquiera puede usar: nadie se une a su organización si usted no le invita. Puede usar su propio nombre.',
    joinsExisting: (organisation) =>
      `Otras personas con una dirección así ya pertenecen a ${organisation}. Se pide a sus administradores que le dejen entrar. Hasta entonces puede leer la documentación y usar el explorador de la API, o crear una organización propia.`,
    invited: (organisation, role) => `Le invitaron a ${organisation} como ${role}.`,
    password: 'Elija una contraseña',
    passwordHint: (least) =>
      `Al menos ${least} caracteres. Tres o cuatro palabras que no van juntas son fáciles de recordar y difíciles de adivinar.`,
    button: 'Crear la cuenta',
    passkeyButton: 'Usar una llave de acceso',
    errors: {
      name: 'Escriba su nombre, con 100 caracteres como máximo',
      organisation: 'Escriba un nombre para la organización: letras y números sencillos, 100 caracteres como máximo',
    },
  },
  passkey: {
    title: 'Cree una llave de acceso',
    lead: 'Su navegador le pide la huella, el rostro o el PIN. Desde ahora inicia sesión con eso y no necesita contraseña.',
    button: 'Crear la llave de acceso y la cuenta',
    noScript:
      'Las llaves de acceso necesitan JavaScript y un navegador más nuevo. Vuelva atrás y elija una contraseña.',
    back: 'Elegir una contraseña',
  },
  acceptInvitation: {
    lead: (organisation, role) => `Le invitaron a ${organisation} como ${role}.`,
    signIn: (email) => `Hay una cuenta para ${email}. Inicie sesión con ella; después vuelve a esta página.`,
    signInButton: terms.signIn,
    as: (name) => `Inició sesión como ${name}.`,
    button: (organisation) => `Unirse a ${organisation}`,
    other: (email, name) =>
      `La invitación es para ${email}, y usted inició sesión como ${name}. Inicie sesión con la cuenta de esa dirección, o pida una invitación para la suya.`,
    otherButton: 'Iniciar sesión con otra cuenta',
  },
  noRecord: {
    title: 'Esta cuenta no tiene expediente médico',
    text: (app, name) =>
      `La aplicación «${app}» pide los datos de un paciente. Usted inició sesión como ${name}, desarrollador: no hay nada que pueda compartir.`,
    sandbox: 'Para probar la aplicación, inicie sesión como uno de los pacientes de prueba.',
    button: 'Iniciar sesión con otra cuenta',
  },
  emails: {
    greeting: (name) => `Hola, ${name}:`,
    signUp: (link) => ({
      subject: 'Su enlace para registrarse como desarrollador',
      text: `Alguien, probablemente usted, pidió una cuenta de desarrollador para esta dirección. Abra este enlace para crearla:

${link}

Sirve una vez, durante 24 horas. Si no la pidió, no tiene que hacer nada: sin el enlace no se crea ninguna cuenta.`,
    }),
    hasAccount: ({ signIn, forgot }) => ({
      subject: 'Ya tiene una cuenta de desarrollador',
      text: `Alguien, probablemente usted, quiso registrarse como desarrollador con esta dirección. Ya tiene una cuenta:

Iniciar sesión: ${signIn}
Olvidó la contraseña: ${forgot}

Si no fue usted, no tiene que hacer nada: su cuenta sigue como estaba.`,
    }),
    welcome: ({ portal, docs }) => ({
      subject: 'Bienvenida: su primera aplicación en cinco minutos',
      text: `Su cuenta de desarrollador está lista. Lo que sigue:

1. Agregue su aplicación: ${portal}/apps/new
   Recibe su identificador y su secreto de inmediato.
2. Pruébela con un paciente de prueba: ${portal}/test-patients
3. Lea cómo continúa: ${docs}

Funciona con pacientes inventados desde el primer minuto. Antes de que la conecten pacientes reales, un administrador la revisa.

Un segundo paso hace más segura su cuenta: una aplicación de códigos o una llave de acceso, en «Contraseña y seguridad».`,
    }),
    joinPending: ({ organisation, portal, docs }) => ({
      subject: `Bienvenida: pedimos a ${organisation} que le deje entrar`,
      text: `Su cuenta de desarrollador está lista, y se pidió a los administradores de ${organisation} que le dejen entrar. Recibirá un correo cuando respondan.

Mientras tanto:

1. Lea la documentación: ${docs}
2. Pruebe la API con pacientes inventados: ${portal}/explorer

No tiene que esperar: puede crear una organización propia: ${portal}`,
    }),
    joinRequested: ({ name, email, organisation, link }) => ({
      subject: `Alguien pide unirse a ${organisation}`,
      text: `${name} (${email}) creó una cuenta y pide unirse a ${organisation}. Déjele entrar o rechácelo:

${link}

Quien está dentro ve las aplicaciones de ${organisation} y, como desarrollador, las cambia. Si no conoce a esta persona, rechácela.`,
    }),
    joinAccepted: ({ organisation, role, portal }) => ({
      subject: `Ahora pertenece a ${organisation}`,
      text: `Un administrador de ${organisation} le dejó entrar como ${role}. Siga aquí:

${portal}`,
    }),
    joinDeclined: ({ organisation, portal }) => ({
      subject: `${organisation} no le dejó entrar`,
      text: `Un administrador de ${organisation} rechazó su petición. Si cree que es un error, hable con la organización: puede invitarle.

Puede crear una organización propia:

${portal}`,
    }),
    invited: ({ who, organisation, role, link, until }) => ({
      subject: `Su invitación a ${organisation}`,
      text: `${who} le invitó a ${organisation} como ${role}, para hacer aplicaciones que los pacientes conectan con su expediente médico. Abra esta página para unirse:

${link}

Sirve una vez, hasta el ${until}. Si no trabaja con ellos, no tiene que hacer nada.`,
    }),
    removed: (organisation) => ({
      subject: `Ya no pertenece a ${organisation}`,
      text: `Un administrador de ${organisation} le quitó de la organización. Ya no ve sus aplicaciones. Su cuenta sigue como está.

Si cree que es un error, hable con la organización.`,
    }),
  },
};
