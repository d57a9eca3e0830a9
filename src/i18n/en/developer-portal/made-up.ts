/** Texts for visitors who are signed in as the sandbox's developer. */
export const madeUp = {
  title: 'Everything here is made up',
  text: 'This organization, its apps and their two weeks of activity aren’t real. Only this browser sees your changes. They are deleted after a day without use. No email is sent. The credentials of these apps don’t work. To call the API, create your own developer account.',
  startOver: 'Start over',
  startOverQuestion: 'Delete your changes and get new made-up apps?',
  startedOver: 'Your changes are deleted.',
  /** In place of the ways to an app's first data. */
  noData: 'This app is made up, so no one can sign in to it, and it can’t read data.',
  logo: 'Made-up apps can’t have a logo.',
  organisation: 'In the sandbox, you can’t invite people, leave this organization or create another one.',
};
