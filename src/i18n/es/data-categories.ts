import type { Messages } from '../en/index.ts';
import { terms } from './terms.ts';

export const dataCategories: Messages['dataCategories'] = {
  groups: {
    person: terms.dataGroups.person,
    problems: 'Problemas y atención',
    medicines: 'Medicamentos',
    results: 'Pruebas y signos vitales',
    allergies: 'Alergias y vacunas',
    visits: 'Visitas y notas',
    life: 'Vida diaria y familia',
    money: 'Seguro y facturas',
  },
  types: {
    Patient: {
      label: 'Datos personales',
      detail: 'Nombre, fecha de nacimiento, dirección, teléfono, idioma, raza y origen étnico.',
    },
    MedicationRequest: { label: 'Medicinas', detail: 'Qué se recetó, cómo se toma y cuándo.' },
    AllergyIntolerance: { label: 'Alergias', detail: 'Qué causa una reacción y qué tipo de reacción.' },
    Immunization: { label: 'Vacunas', detail: 'Qué vacunas se pusieron y cuándo.' },
    Encounter: { label: 'Visitas', detail: 'Visitas y estancias en el hospital: cuándo, dónde y por qué.' },
    DocumentReference: { label: 'Notas y documentos', detail: 'Notas de las visitas y cartas, con su texto.' },
    RelatedPerson: { label: 'Familia y cuidadores', detail: 'Quiénes son y cómo comunicarse con ellos.' },
    Location: {
      label: 'Lugares de atención',
      detail: 'Clínicas, salas de hospital y otros lugares que se mencionan en el expediente.',
    },
    MedicationDispense: {
      label: 'Medicinas surtidas',
      detail: 'Medicinas que surtió una farmacia o el consultorio: cuáles, cuánto y cuándo.',
    },
    MedicationStatement: {
      label: 'Medicinas informadas',
      detail: 'Medicinas que se informaron al consultorio.',
    },
    MedicationAdministration: {
      label: 'Medicinas administradas durante la atención',
      detail: 'Medicinas que se administraron en una visita o en el hospital, y cuándo.',
    },
    Medication: { label: 'Nombres de medicinas', detail: 'Sus nombres, su forma y qué contienen.' },
    DiagnosticReport: {
      label: 'Informes de pruebas',
      detail: 'Informes de laboratorio, radiografías y otras imágenes, con sus hallazgos.',
    },
    Procedure: { label: 'Procedimientos', detail: 'Operaciones, tratamientos y exámenes: qué se hizo y cuándo.' },
    CarePlan: { label: 'Planes de atención', detail: 'El tratamiento previsto y los próximos pasos.' },
    Goal: { label: 'Metas', detail: 'Lo que el tratamiento debe lograr, y para cuándo.' },
    CareTeam: { label: 'Equipo de atención', detail: 'Las personas que dan atención y sus funciones.' },
    ServiceRequest: {
      label: 'Órdenes y referencias',
      detail: 'Pruebas, tratamientos y consultas con otros profesionales que se ordenaron.',
    },
    Device: { label: 'Implantes y dispositivos', detail: 'Como un marcapasos o una prótesis, con su número.' },
    Specimen: { label: 'Muestras', detail: 'Muestras de sangre y otras: qué se tomó y cuándo.' },
    Media: { label: 'Imágenes y grabaciones', detail: 'Fotos, dibujos y grabaciones del expediente.' },
    QuestionnaireResponse: {
      label: 'Respuestas a cuestionarios',
      detail: 'Las preguntas de un formulario, con sus respuestas.',
    },
    Coverage: { label: 'Seguro', detail: 'La compañía de seguros, el plan y el número de miembro.' },
    ExplanationOfBenefit: { label: 'Facturas y pagos', detail: 'Lo que se facturó al seguro y lo que el seguro pagó.' },
    Appointment: { label: 'Citas', detail: 'Cuándo, dónde y con quién.' },
    FamilyMemberHistory: {
      label: 'Antecedentes familiares',
      detail: 'Enfermedades de los familiares: quién tuvo qué y a qué edad.',
    },
    Condition: {
      label: 'Problemas de salud',
      detail: 'Diagnósticos, la lista de problemas y las preocupaciones de salud.',
    },
    Observation: {
      label: 'Resultados y mediciones',
      detail: 'Resultados de laboratorio, presión arterial, peso y respuestas sobre el tabaco o la vivienda.',
    },
  },
  parts: {
    Condition: {
      'problem-list-item': {
        label: 'Lista de problemas',
        detail: 'Enfermedades y problemas de salud que el consultorio sigue de cerca.',
      },
      'encounter-diagnosis': {
        label: 'Diagnósticos de las visitas',
        detail: 'Lo que se encontró o se trató en una cita o en el hospital.',
      },
      'health-concern': {
        label: 'Preocupaciones de salud',
        detail: 'Inquietudes y riesgos, como dificultades con la comida o la vivienda.',
      },
    },
    Observation: {
      laboratory: { label: 'Resultados de laboratorio', detail: 'Sangre, orina y otras muestras.' },
      'vital-signs': { label: 'Signos vitales', detail: 'Presión arterial, pulso, temperatura, estatura y peso.' },
      'clinical-test': {
        label: 'Exámenes y otras pruebas',
        detail: 'Por ejemplo, electrocardiogramas, exámenes de los ojos, radiografías y otras imágenes.',
      },
      'social-history': {
        label: 'Vida personal',
        detail: 'Tabaco, alcohol, ejercicio, trabajo, embarazo, orientación sexual.',
      },
      sdoh: { label: 'Situación de vida', detail: 'Comida, vivienda, dinero, transporte y seguridad en el hogar.' },
      survey: {
        label: 'Cuestionarios y evaluaciones',
        detail: 'Respuestas a preguntas, cómo va la vida diaria y deseos sobre la atención.',
      },
    },
  },
  supporting: {
    Practitioner: 'Médicos y otros profesionales',
    Organization: 'Consultorios y otras organizaciones',
    Provenance: 'De dónde vienen los datos',
    PractitionerRole: 'Funciones y lugares de trabajo de los profesionales',
    HealthcareService: 'Servicios que ofrecen los consultorios',
    Endpoint: 'Direcciones de sistemas',
    Questionnaire: 'Cuestionarios',
    ValueSet: 'Listas de códigos',
  },
  partialLabel: (label) => `Una parte de: ${label.toLowerCase()}`,
  partialDetail: 'Solo los que la aplicación pide, no todos.',
};
