import { LocalCognito, practiceCredentials } from '@cognito-flows/local-cognito';
import should from 'should';
import { Editor } from './editor';

const rawKey = /\b(poolTest|poolFacts|poolSubjects|units|errors|label|tip|options)\.\w+/;

describe('in the editor, the test of a user pool', function () {
  this.bail(true); // each step goes on from the one before
  let editor: Editor;
  let id: string;
  const local = new LocalCognito();

  const setting = (name: string) => editor.page.locator(`#node-config-input-${name}`);
  const region = () => editor.page.locator('#cognito-region');
  const button = () => editor.page.locator('#cognito-test');
  const outcome = () => editor.page.locator('#cognito-test-outcome');
  const menu = () => editor.page.locator('.red-ui-autoComplete-container:visible');

  /** Types as a person does, key by key: the editor's lists listen to keys. */
  const type = async (field: ReturnType<typeof setting>, text: string): Promise<void> => {
    await field.click();
    await field.fill('');
    await field.pressSequentially(text);
  };
  const tested = async (): Promise<string> => {
    await outcome().locator('.cognito-findings').waitFor();
    return outcome().innerText();
  };

  before(async () => {
    await local.listen(0);
    editor = await Editor.start();
    id = await editor.add('cognito-initiate-auth', 200, 100);
    await editor.open(id);
    await editor.openPool('add');
  });
  after(async () => {
    await editor.stop();
    await local.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await editor.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  it('says what is missing', async () => {
    await button().click();
    (await tested()).should.match(/User pool ID of the user pool is missing/).and.not.match(rawKey);
  });

  it('lists regions, user pools and app clients to pick from', async () => {
    await editor.unfold();
    await setting('endpoint').fill(local.endpoint);
    await setting('credentialsSource').selectOption('keys');
    await setting('accessKeyId').fill(practiceCredentials.accessKeyId);
    await setting('secretAccessKey').fill(practiceCredentials.secretAccessKey);
    await type(region(), 'virgin');
    await menu().getByText('us-east-1 (US East (N. Virginia))').click();
    (await region().inputValue()).should.equal('us-east-1');
    await type(setting('userPoolId'), 'prac');
    await menu().getByText('us-east-1_Practice1').waitFor();
    await editor.screenshot('pool-picker');
    await menu().getByText('us-east-1_Practice1').click();
    await type(setting('clientId'), 'server');
    await menu().getByText('practiceserverclient (Practice server client)').click();
    (await setting('clientId').inputValue()).should.equal('practiceserverclient');
  });

  it('says in words that the client secret is missing, and what the app client allows', async () => {
    await button().click();
    const words = await tested();
    for (const sentence of [
      'The app client has a secret, and none is set.',
      'The IAM credentials allow cognito-idp:AdminInitiateAuth.',
      'There is no encryption key yet',
      'OPTIONAL: SOFTWARE_TOKEN_MFA, SMS_MFA, EMAIL_OTP',
      '1 h, 1 h, 30 d',
    ]) {
      words.should.containEql(sentence);
    }
    words.should.not.match(rawKey);
    await outcome().scrollIntoViewIfNeeded();
    await editor.screenshot('pool-test');
  });

  it('works by keyboard alone, and keeps the focus', async () => {
    await setting('clientSecret').fill('practice-client-secret');
    await button().focus();
    await editor.page.keyboard.press('Enter');
    await outcome().getByText('The client secret is right.').waitFor();
    (await button().evaluate((element) => element === document.activeElement)).should.be.true();
    should(await outcome().getAttribute('aria-live')).equal('polite');
  });

  it('asks IAM for nothing on the client-side API, and finds flows that are not enabled', async () => {
    await setting('api').selectOption('client-side');
    await setting('clientId').fill('practicerotationclient');
    await setting('clientSecret').fill('');
    await button().click();
    await outcome().getByText("client-side calls can't read it").waitFor();
    (await tested()).should.containEql('CUSTOM_AUTH').and.not.match(rawKey);
    await editor.donePool();
    (await editor.options('authFlow')).should.containDeep([
      'USER_SRP_AUTH',
      'CUSTOM_AUTH: not enabled for the app client',
    ]);
    await editor.choose('authFlow', 'CUSTOM_AUTH');
    await editor.screenshot('pool-test-flow-marked');
    await editor.done();
    (await editor.node(id)).should.have.property('authFlow', 'CUSTOM_AUTH');
  });

  it('leaves no secret and no region in what is exported', async () => {
    const [{ id: pool } = { id: '' }] = await editor.nodes('cognito-user-pool');
    const exported = await editor.exported(pool);
    exported.should.not.containEql(practiceCredentials.secretAccessKey).and.not.containEql('"region"');
  });

  it('does nothing wrong in the browser', () => {
    editor.problems.should.eql([]);
  });
});
