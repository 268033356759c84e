import 'should';
import { Editor } from './editor';

const initiate = 'cognito-initiate-auth';
const respond = 'cognito-respond-to-challenge';
const pool = 'cognito-user-pool';

/** Must never be seen again once it was typed. */
const secret = 'Never-Shown-Again-1';

/** A key of a catalogue where its text should be. */
const rawKey = /\b(label|tip|inputs|options|placeholder|validation|types|palette)\.\w+/;

describe('in the editor', function () {
  this.bail(true); // each step goes on from the one before
  let editor: Editor;
  let initiateId: string;
  let respondId: string;

  before(async () => {
    editor = await Editor.start();
  });

  after(async () => {
    await editor.stop();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await editor.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  it('the palette has both nodes, with their icons, in a category of their own', async () => {
    (await editor.palette(initiate).innerText()).should.match(/initiate\s+auth/);
    (await editor.palette(respond).innerText()).should.match(/respond\s+to\s+challenge/);
    (await editor.page.locator('#red-ui-palette-header-cognito').innerText()).trim().should.equal('Cognito');
    for (const type of [initiate, respond]) {
      const icon = editor.palette(type).locator('.red-ui-palette-icon');
      (await icon.evaluate((element) => element.outerHTML)).should.containEql(`${type}.svg`);
      const file = await fetch(`${editor.nodeRed.url}/icons/@cognito-flows/node-red-cognito-auth/${type}.svg`);
      (await file.text()).should.containEql('<svg');
    }
  });

  it('the nodes can be drawn into a flow', async () => {
    initiateId = await editor.add(initiate, 200, 100);
    respondId = await editor.add(respond, 200, 200);
    await editor.page.locator(`[id="${initiateId}"]`).waitFor();
    (await editor.page.locator(`[id="${respondId}"]`).innerHTML()).should.containEql('respond to challenge');
    await editor.screenshot('flow');
  });

  it('a new user pool shows its region, and what it is missing', async () => {
    await editor.open(initiateId);
    await editor.openPool('add');
    const { page } = editor;
    (await page.locator('#cognito-region').inputValue()).should.equal('');
    await page.locator('#node-config-input-userPoolId').fill('eu-west-1');
    await page.locator('#node-config-input-userPoolId.input-error').waitFor();
    await page.locator('#node-config-input-userPoolId').fill('eu-west-1_AbCdEfGhI');
    await page.locator('#node-config-input-userPoolId').press('End');
    await page.locator('#cognito-region:visible').waitFor();
    (await page.locator('#cognito-region').inputValue()).should.equal('eu-west-1');
    await page.locator('#node-config-input-clientId').fill('1example23456789');
    await page.locator('#node-config-input-clientSecret').fill(secret);
    await page.locator('#node-config-input-credentialsSource').selectOption('keys');
    await page.locator('#node-config-input-accessKeyId').fill('AKIDEXAMPLE');
    await page.locator('#node-config-input-secretAccessKey').fill(secret);
    (await editor.labels()).should.eql([
      'Name',
      'Region',
      'User pool ID',
      'App client ID',
      'Client secret',
      'API',
      'IAM credentials',
      'Access key ID',
      'Secret access key',
      'Session token',
    ]);
    (await page.locator('.cognito-dialog').last().innerText()).should.not.match(rawKey);
    await editor.unfold();
    await editor.screenshot(pool);
    await editor.donePool();
    await editor.done();
    const [{ id } = { id: '' }] = await editor.nodes(pool);
    const saved = await editor.node(id);
    saved.should.have.properties({
      userPoolId: 'eu-west-1_AbCdEfGhI',
      api: 'server-side',
      credentialsSource: 'keys',
      valid: true,
    });
    (await editor.node(initiateId)).should.have.properties({ userPool: id, valid: true });

    (await editor.node(respondId)).should.have.properties({ valid: false });
    await editor.open(respondId);
    await page.locator('#node-input-userPool').selectOption({ label: 'eu-west-1_AbCdEfGhI (server-side)' });
    await editor.done();
    (await editor.node(respondId)).should.have.properties({ userPool: id, valid: true });
  });

  it('a pool’s settings may be environment variables', async () => {
    await editor.open(initiateId);
    await editor.openPool('edit');
    for (const name of ['userPoolId', 'clientId']) {
      const field = editor.page.locator(`#node-config-input-${name}`);
      await field.fill('${COGNITO}');
      await field.press('End');
      ((await field.getAttribute('class')) ?? '').should.not.containEql('input-error');
    }
    await editor.page.locator('#node-config-dialog-cancel').click();
    await editor.page.locator('#node-config-dialog-cancel').waitFor({ state: 'detached' });
    await editor.cancel();
  });

  it('initiate auth asks for what the chosen flow needs', async () => {
    await editor.open(initiateId);
    (await editor.labels()).should.eql(['Name', 'User pool', 'Flow', 'Username', 'Password']);
    (await editor.options('authFlow'))[0]!.should.equal('ADMIN_USER_PASSWORD_AUTH (default)');
    (await editor.options('authFlow')).should.not.containEql('USER_PASSWORD_AUTH');
    await editor.choose('authFlow', 'REFRESH_TOKEN_AUTH');
    (await editor.labels()).should.eql(['Name', 'User pool', 'Flow', 'Username', 'Refresh token']);
    await editor.choose('authFlow', 'USER_AUTH');
    (await editor.labels()).should.eql(['Name', 'User pool', 'Flow', 'Username', 'Password', 'First factor']);
    await editor.setKind('authFlow', 'msg');
    (await editor.labels()).should.eql([
      'Name',
      'User pool',
      'Flow',
      'Username',
      'Password',
      'Refresh token',
      'First factor',
    ]);
    await editor.setKind('authFlow', 'authFlow');
    await editor.choose('authFlow', 'USER_SRP_AUTH');
    await editor.unfold();
    const labels = await editor.labels();
    labels.should.containEql('SRP_A');
    labels.should.containEql('Client metadata');
    labels.should.not.containEql('Device key');
    await editor.screenshot(initiate);
    (await editor.page.locator('.cognito-dialog').innerText()).should.not.match(rawKey);
    await editor.done();
    (await editor.node(initiateId)).should.have.properties({
      authFlow: 'USER_SRP_AUTH',
      authFlowType: 'authFlow',
      valid: true,
    });
  });

  it('initiate auth follows a change of the pool’s API', async () => {
    await editor.open(initiateId);
    await editor.choose('authFlow', 'ADMIN_NO_SRP_AUTH');
    await editor.openPool('edit');
    await editor.page.locator('#node-config-input-api').selectOption('client-side');
    (await editor.labels()).should.not.containEql('IAM credentials');
    await editor.screenshot(`${pool}-client-side`);
    await editor.donePool();
    (await editor.page.locator('#node-input-userPool option:checked').innerText()).should.equal(
      'eu-west-1_AbCdEfGhI (client-side)',
    );
    (await editor.isWrong('authFlow')).should.be.true();
    const options = await editor.options('authFlow');
    options[0]!.should.equal('USER_SRP_AUTH (default)');
    options.should.containEql('USER_PASSWORD_AUTH');
    options.should.not.containEql('ADMIN_USER_PASSWORD_AUTH');
    await editor.choose('authFlow', 'USER_PASSWORD_AUTH');
    (await editor.isWrong('authFlow')).should.be.false();
    await editor.unfold();
    (await editor.labels()).should.containEql('Device key');
    await editor.done();
    (await editor.node(initiateId)).should.have.properties({ authFlow: 'USER_PASSWORD_AUTH', valid: true });
  });

  it('a secret input offers no place that is exported', async () => {
    await editor.open(initiateId);
    (await editor.kinds('password')).should.eql(['cred', 'msg', 'flow', 'global', 'jsonata', 'env']);
    (await editor.kinds('username')).should.eql(['msg', 'flow', 'global', 'str', 'jsonata', 'env']);
    await editor.cancel();
  });

  it('a secret that is typed in goes into the credentials and nowhere else', async () => {
    await editor.open(initiateId);
    await editor.fill('username', 'payload.login');
    await editor.setKind('password', 'cred');
    (await editor.field('password').inputValue()).should.equal('');
    (await editor.isWrong('password')).should.be.true();
    await editor.fill('password', secret);
    (await editor.isWrong('password')).should.be.false();
    (await editor.field('password').getAttribute('type'))!.should.equal('password');

    await editor.setKind('password', 'msg');
    (await editor.field('password').inputValue()).should.equal('payload.password');
    await editor.setKind('password', 'cred');
    (await editor.field('password').inputValue()).should.equal(secret);
    await editor.done();

    const node = await editor.node(initiateId);
    node.should.have.properties({ password: '', passwordType: 'cred', username: 'payload.login', valid: true });
    (await editor.exported(initiateId)).should.not.containEql(secret);
  });

  it('after a deploy and a reload the dialog shows the same, and the secret only as kept', async () => {
    await editor.deploy();
    (await editor.flows()).should.containEql(initiateId);
    (await editor.flows()).should.not.containEql(secret);
    `${editor.nodeRed.output}${editor.nodeRed.files}`.should.not.containEql(secret);

    await editor.load();
    (await editor.node(initiateId)).should.have.properties({ valid: true });
    await editor.open(initiateId);
    (await editor.field('username').inputValue()).should.equal('payload.login');
    (await editor.field('password').inputValue()).should.equal('__PWRD__');
    (await editor.page.content()).should.not.containEql(secret);
    await editor.screenshot(`${initiate}-kept-secret`);
    await editor.done();
    (await editor.page.locator('#red-ui-header-button-deploy').getAttribute('class'))!.should.containEql('disabled');
    const credentials = await fetch(`${editor.nodeRed.url}/credentials/${initiate}/${initiateId}`);
    ((await credentials.json()) as object).should.containEql({ has_password: true, has_refreshToken: false });
  });

  it('a secret that is no longer used is forgotten', async () => {
    await editor.open(initiateId);
    await editor.setKind('password', 'msg');
    (await editor.field('password').inputValue()).should.not.equal('__PWRD__');
    await editor.fill('password', 'payload.password');
    await editor.done();
    await editor.deploy();
    const credentials = await fetch(`${editor.nodeRed.url}/credentials/${initiate}/${initiateId}`);
    ((await credentials.json()) as object).should.containEql({ has_password: false });
  });

  it('what is needed and missing is named', async () => {
    await editor.open(initiateId);
    await editor.fill('password', '');
    (await editor.isWrong('password')).should.be.true();
    await editor.done();
    (await editor.node(initiateId)).validationErrors!.should.eql(['Password is missing']);
    await editor.open(initiateId);
    await editor.fill('password', 'payload.password');
    await editor.done();
    (await editor.node(initiateId)).should.have.properties({ valid: true });
  });

  it('extra parameters are refused where they would put a secret into an exported flow', async () => {
    await editor.open(initiateId);
    await editor.unfold();
    await editor.fill('extraParameters', '{"PASSWORD": "x"}');
    (await editor.isWrong('extraParameters')).should.be.true();
    await editor.fill('extraParameters', '["x"]');
    (await editor.isWrong('extraParameters')).should.be.true();
    await editor.fill('extraParameters', '{"NEW_ONE": "x"}');
    (await editor.isWrong('extraParameters')).should.be.false();
    await editor.cancel();
  });

  it('respond to challenge asks for what the chosen challenge needs', async () => {
    await editor.open(respondId);
    (await editor.labels()).should.eql([
      'Name',
      'User pool',
      'Challenge',
      'Code',
      'TOTP secret',
      'New password',
      'User attributes',
      'Choice',
      'Answer',
      'Password',
    ]);
    await editor.screenshot(respond);
    await editor.choose('challengeName', 'NEW_PASSWORD_REQUIRED');
    (await editor.labels()).should.eql(['Name', 'User pool', 'Challenge', 'New password', 'User attributes']);
    await editor.choose('challengeName', 'DEVICE_SRP_AUTH');
    (await editor.labels()).should.eql([
      'Name',
      'User pool',
      'Challenge',
      'SRP_A',
      'Device group key',
      'Device password',
    ]);
    await editor.choose('challengeName', 'SELECT_MFA_TYPE');
    (await editor.labels()).should.eql(['Name', 'User pool', 'Challenge', 'Choice']);
    await editor.setKind('choice', 'choice');
    (await editor.options('choice')).should.eql(['SOFTWARE_TOKEN_MFA', 'SMS_MFA', 'EMAIL_OTP']);
    await editor.choose('challengeName', 'SOFTWARE_TOKEN_MFA');
    (await editor.labels()).should.eql(['Name', 'User pool', 'Challenge', 'Code', 'TOTP secret']);
    await editor.fill('totpSecret', secret);
    await editor.unfold();
    await editor.screenshot(`${respond}-totp`);
    (await editor.page.locator('.cognito-dialog').innerText()).should.not.match(rawKey);
    await editor.done();
    (await editor.node(respondId)).should.have.properties({
      challengeName: 'SOFTWARE_TOKEN_MFA',
      challengeNameType: 'challenge',
      totpSecret: '',
      totpSecretType: 'cred',
      codeType: 'msg',
      valid: true,
    });
    (await editor.exported(respondId)).should.not.containEql(secret);
  });

  it('every visible field can be found by its label', async () => {
    await editor.open(respondId);
    await editor.choose('challengeName', '');
    await editor.unfold();
    for (const label of await editor.labels()) {
      const found = await editor.page.locator('.cognito-dialog').getByLabel(label, { exact: true }).count();
      found.should.be.above(0, label);
    }
    await editor.cancel();
  });

  it('the help shows in full', async () => {
    for (const type of [initiate, respond, pool]) {
      const help = await editor.help(type);
      await help.getByText('References').waitFor();
      const text = await help.innerText();
      text.should.match(/Details/);
      text.should.not.match(rawKey);
      await editor.screenshot(`${type}-help`);
      // The sidebar cuts off what is wider than itself, and scrolls to it only when asked.
      const { needed, there } = await help.evaluate(({ scrollWidth, clientWidth }) => ({
        needed: scrollWidth,
        there: clientWidth,
      }));
      needed.should.be.belowOrEqual(there, `width of the help of ${type}`);
    }
  });

  it('nothing went wrong in the browser', () => {
    editor.problems.should.eql([]);
  });
});
