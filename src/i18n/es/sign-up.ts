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
    lead: 'Cree una aplicación que los pacientes conecten con su expediente médico. Recibe credenciales de prueba de inmediato.',
    field: 'Su dirección de correo del trabajo',
    hint: 'Enviamos un enlace a esta dirección. La primera persona de un dominio de correo crea la organización. Las demás piden unirse a ella.',
    button: 'Enviarme el enlace',
    haveOne: '¿Ya tiene una cuenta?',
    signIn: 'Inicie sesión',
    invalid: 'Escriba una dirección de correo, como nombre@example.com',
  },
  sent: {
    title: 'Revise su correo',
    lead: 'Enviamos un correo a la dirección que nos dio. El enlace sirve una sola vez y vence después de 24 horas.',
    more: 'Si no llega nada en unos minutos, revise la carpeta de correo no deseado. Después revise la dirección e inténtelo de nuevo. Enviamos como máximo tres correos por hora a una misma dirección.',
    emailNotSent:
      'El correo no está configurado en este servidor. Quienes usan la propia máquina del servidor, y sus administradores, pueden leer el mensaje en la',
    outbox: terms.outbox,
    again: 'Pedir otro enlace',
  },
  visitor: {
    tooMany: 'Demasiadas personas se registraron desde su red en la última hora. Intente de nuevo más tarde.',
  },
  expiredLink: {
    title: 'Este enlace ya no funciona',
    lead: 'Ya se usó, venció o se retiró.',
    signIn: 'Inicie sesión, si tiene una cuenta',
    again: 'Pida otro enlace',
  },
  account: {
    title: 'Cree su cuenta de desarrollador',
    joinTitle: (organisation) => `Únase a ${organisation}`,
    address: 'Usted inicia sesión con esta dirección:',
    copyAddress: 'Copiar la dirección',
    name: 'Su nombre',
    nameHint: 'Sus colegas y los administradores de este servidor ven este nombre.',
    organisation: 'Nombre de su organización',
    firstOfDomain: (domain) =>
      `Usted es la primera persona de ${domain}, así que administrará esta organización. Sus colegas con el mismo dominio le pedirán que los apruebe. Los pacientes ven este nombre junto a sus aplicaciones.`,
    publicProvider:
      'Los pacientes ven este nombre junto a sus aplicaciones. Su dirección es de un proveedor de correo público, así que solo pueden unirse a su organización las personas que usted invite. Puede usar su propio nombre.',
    visitorAddress:
      'Necesita esta dirección para volver a iniciar sesión. No recibe correo, así que cópiela o guárdela en su navegador.',
    visitorOrganization:
      'Los pacientes ven este nombre junto a sus aplicaciones. Su dirección es ficticia, así que solo pueden unirse a su organización las personas que usted invite.',
    joinsExisting: (organisation) =>
      `Otras personas con su dominio de correo ya pertenecen a ${organisation}. Pediremos a sus administradores que le aprueben. Mientras tanto, puede leer la documentación, usar el explorador de la API o crear su propia organización.`,
    invited: (organisation, role) => `Le invitaron a unirse a ${organisation} como ${role}.`,
    password: 'Elija una contraseña',
    passwordHint: (least) =>
      `Use al menos ${least} caracteres. Tres o cuatro palabras sin relación entre sí son fáciles de recordar y difíciles de adivinar.`,
    button: 'Crear la cuenta',
    passkeyButton: 'Usar una llave de acceso',
    errors: {
      name: 'Escriba su nombre, con 100 caracteres como máximo',
      organisation:
        'Escriba un nombre para la organización, con letras y números sencillos y 100 caracteres como máximo',
    },
  },
  passkey: {
    title: 'Cree una llave de acceso',
    lead: 'Su navegador le pide la huella, el rostro o el PIN. De ahora en adelante inicia sesión con eso y no necesita contraseña.',
    button: 'Crear la llave de acceso y la cuenta',
    noScript:
      'Las llaves de acceso necesitan JavaScript y un navegador más nuevo. Vuelva atrás y elija una contraseña.',
    back: 'Elegir una contraseña',
  },
  acceptInvitation: {
    lead: (organisation, role) => `Le invitaron a unirse a ${organisation} como ${role}.`,
    signIn: (email) => `Hay una cuenta para ${email}. Inicie sesión con ella y volverá a esta página.`,
    signInButton: terms.signIn,
    as: (name) => `Inició sesión como ${name}.`,
    button: (organisation) => `Unirse a ${organisation}`,
    other: (email, name) =>
      `La invitación es para ${email}, pero usted inició sesión como ${name}. Inicie sesión con la cuenta de esa dirección, o pida una invitación para la suya.`,
    otherButton: 'Iniciar sesión con otra cuenta',
  },
  noRecord: {
    title: 'Esta cuenta no tiene expediente médico',
    text: (app, name) =>
      `La aplicación «${app}» pide los datos de un paciente. Usted inició sesión como ${name}, desarrollador, así que no tiene datos para compartir.`,
    sandbox: 'Para probar la aplicación, inicie sesión como uno de los pacientes de prueba.',
    button: 'Iniciar sesión con otra cuenta',
  },
  emails: {
    greeting: (name) => `Hola, ${name}:`,
    signUp: (link) => ({
      subject: 'Su enlace para registrarse como desarrollador',
      text: `Alguien, probablemente usted, pidió una cuenta de desarrollador para esta dirección. Abra este enlace para crear la cuenta:

${link}

El enlace sirve una sola vez y vence después de 24 horas. Si no lo pidió, ignore este correo. No se crea ninguna cuenta si no se abre el enlace.`,
      button: { label: 'Crear la cuenta', url: link },
    }),
    hasAccount: ({ signIn, forgot }) => ({
      subject: 'Ya tiene una cuenta de desarrollador',
      text: `Alguien, probablemente usted, quiso registrarse como desarrollador con esta dirección. La dirección ya tiene una cuenta:

Iniciar sesión: ${signIn}
Olvidó la contraseña: ${forgot}

Si no fue usted, no tiene que hacer nada. Su cuenta no ha cambiado.`,
    }),
    welcome: ({ portal, docs }) => ({
      subject: 'Le damos la bienvenida: su primera aplicación en dos minutos',
      text: `Su cuenta de desarrollador está lista. Próximos pasos:

1. Agregue su aplicación: ${portal}/apps/new
   Recibe su identificador y su secreto de inmediato.
2. Pruébela con un paciente de prueba: ${portal}/test-patients
3. Lea la documentación: ${docs}

Su aplicación funciona con pacientes de prueba desde el principio. Antes de que la conecten pacientes reales, un administrador la revisa.

Haga más segura su cuenta con un segundo paso: agregue una aplicación de códigos o una llave de acceso en «Contraseña y seguridad».`,
    }),
    joinPending: ({ organisation, portal, docs }) => ({
      subject: `Le damos la bienvenida: pedimos a ${organisation} que le apruebe`,
      text: `Su cuenta de desarrollador está lista. Pedimos a los administradores de ${organisation} que le aprueben. Recibirá un correo cuando respondan.

Mientras tanto:

1. Lea la documentación: ${docs}
2. Pruebe la API con pacientes de prueba: ${portal}/explorer

No tiene que esperar. Puede crear su propia organización: ${portal}`,
    }),
    joinRequested: ({ name, email, organisation, link }) => ({
      subject: `Alguien pide unirse a ${organisation}`,
      text: `${name} (${email}) creó una cuenta y pide unirse a ${organisation}. Apruebe o rechace la solicitud:

${link}

Los miembros pueden ver las aplicaciones de ${organisation}. Los que tienen la función de desarrollador también pueden cambiarlas. Si no conoce a esta persona, rechace la solicitud.`,
      button: { label: 'Ver la solicitud', url: link },
    }),
    joinAccepted: ({ organisation, role, portal }) => ({
      subject: `Ya pertenece a ${organisation}`,
      text: `Un administrador de ${organisation} aprobó su solicitud. Su función es ${role}. Continúe aquí:

${portal}`,
      button: { label: terms.goToDeveloperPortal, url: portal },
    }),
    joinDeclined: ({ organisation, portal }) => ({
      subject: `${organisation} rechazó su solicitud`,
      text: `Un administrador de ${organisation} rechazó su solicitud para unirse. Si cree que es un error, hable con la organización. Puede invitarle.

Puede crear su propia organización:

${portal}`,
      button: { label: terms.goToDeveloperPortal, url: portal },
    }),
    invited: ({ who, organisation, role, link, until }) => ({
      subject: `Su invitación a ${organisation}`,
      text: `${who} le invitó a unirse a ${organisation} como ${role}, para crear aplicaciones que los pacientes conecten con su expediente médico. Abra esta página para unirse:

${link}

El enlace sirve una sola vez y vence el ${until}. Si no trabaja con ellos, ignore este correo.`,
      button: { label: 'Aceptar la invitación', url: link },
    }),
    removed: (organisation) => ({
      subject: `Ya no pertenece a ${organisation}`,
      text: `Un administrador de ${organisation} le quitó de la organización. Ya no puede ver sus aplicaciones. Su cuenta no ha cambiado.

Si cree que es un error, hable con la organización.`,
    }),
  },
};
