import type { WebMessages } from '../../en/web.ts';
import { counts } from '../counts.ts';
import { plural } from '../plural.ts';
import { terms } from '../terms.ts';

export const home: WebMessages['home'] = {
  landing: {
    title: 'Cree con los datos de los pacientes',
    lead: 'Los pacientes eligen su aplicación, y ella lee su expediente por FHIR R4 o DSTU2 con SMART on FHIR. Desde el registro hasta los primeros datos pasan unos dos minutos.',
    steps: 'Tres pasos',
    one: {
      title: 'Regístrese con su correo del trabajo',
      text: 'Abra el enlace que le enviamos por correo y elija una contraseña o una llave de acceso.',
    },
    two: {
      title: 'Agregue su aplicación',
      text: 'Indique su nombre y su URI de redirección. Recibe el identificador y el secreto de inmediato.',
    },
    three: {
      title: 'Lea los datos de un paciente de prueba',
      text: 'Inicie sesión como un paciente ficticio, autorice su aplicación y copie las llamadas del explorador.',
    },
    later:
      'Los pacientes reales pueden conectar su aplicación después de que un administrador verifique la identidad de usted. Puede ver la fecha límite para eso.',
    signUp: 'Registrarse',
    signIn: terms.signIn,
    look: 'Explorar sin cuenta',
    lookText: 'Cualquiera puede usar estas páginas.',
    explorer: 'Probar la API en el explorador',
    patients: 'Ver los pacientes de prueba',
    docs: 'Leer la documentación',
    swagger: 'Abrir Swagger UI',
    addresses: 'Direcciones URL del servidor',
    authorization: terms.authorizationServer,
    otherAccount: (name) =>
      `Inició sesión como ${name}, pero esta cuenta no es de desarrollador. Regístrese para tener otra. Puede usar la misma dirección de correo.`,
  },
  start: {
    title: (name) => `Hola, ${name}`,
    lead: 'Sus próximos pasos:',
    waiting: {
      title: (organisation) => `A la espera de los administradores de ${organisation}`,
      text: (day) =>
        `El ${day} les pedimos que aprueben su solicitud, y le enviaremos un correo cuando respondan. Hasta entonces, puede leer la documentación y usar el explorador.`,
      own: 'Crear su propia organización',
    },
    noOrganisation: {
      title: 'Usted no pertenece a ninguna organización',
      text: 'Cada aplicación pertenece a una organización. Cree la suya o únase a una con sus colegas.',
      button: 'Elegir su organización',
    },
    next: 'Siguiente',
    done: 'Hecho',
    account: { title: 'Cree una cuenta', text: (organisation) => `Usted pertenece a ${organisation}.` },
    add: {
      title: 'Agregue su aplicación',
      text: 'Recibe el identificador y el secreto de inmediato. Funciona con pacientes de prueba desde el primer minuto.',
      button: 'Agregar aplicación',
      reader:
        'Usted tiene acceso de solo lectura. Pida a un administrador de su organización la función de desarrollador.',
      done: (count) =>
        plural(count, {
          one: 'Tiene 1 aplicación.',
          many: `Tiene ${counts.apps(count)}.`,
          other: `Tiene ${counts.apps(count)}.`,
        }),
      all: 'Ver todas las aplicaciones',
    },
    data: {
      title: 'Lea los datos de un paciente de prueba',
      text: 'Inicie sesión como un paciente ficticio en el explorador, compare las respuestas en R4 y DSTU2 y copie la llamada.',
      own: (app) => `Inicie sesión como un paciente ficticio y vea lo que recibe ${app} en R4 y DSTU2.`,
      button: 'Abrir el explorador',
      run: (app) => `Probar ${app} en el explorador`,
      docs: 'Leer la guía paso a paso',
      done: 'Su aplicación leyó sus primeros datos.',
    },
    apps: 'Sus aplicaciones',
    requests: (count, organisation) =>
      plural(count, {
        one: `1 persona pide unirse a ${organisation}.`,
        many: `${counts.people(count)} piden unirse a ${organisation}.`,
        other: `${counts.people(count)} piden unirse a ${organisation}.`,
      }),
    answer: 'Revisar las solicitudes',
    secondFactor: {
      title: 'Haga más segura su cuenta',
      text: 'Su cuenta está protegida solo con una contraseña. Agregue una llave de acceso o una aplicación de códigos, para que una contraseña robada no baste para iniciar sesión.',
      button: 'Agregar un segundo paso',
    },
  },
};
