/** Texts for visitors who are signed in as the sandbox's developer. */
export const madeUp = {
  title: 'Everything here is made up',
  text: 'This organization, its apps and two weeks of their activity aren’t real. Only this browser sees what you change, and no email is sent. Your changes are deleted after a day without use. No one can sign in to these apps, and their secrets don’t work. To call the API with your own app, sign up as a developer.',
  startOver: 'Start over',
  startOverQuestion: 'Delete your changes and get new made-up apps?',
  startedOver: 'Your changes are deleted.',
  logo: 'Made-up apps can’t have a logo.',
  organisation: 'In the sandbox, you can’t invite people, leave this organization or create another one.',
};
