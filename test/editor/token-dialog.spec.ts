import 'should';
import { Editor } from './editor';

const token = 'cognito-token';
const pool = 'cognito-user-pool';

const secrets = {
  password: 'Never-Shown-Again-1',
  totpSecret: 'NEVERSHOWNAGAIN234567ABCDEFGHIJK',
  refreshToken: 'never-shown-refresh-token',
};

/** A key of a catalogue where its text should be. */
const rawKey = /\b(label|tip|inputs|options|placeholder|validation|types|palette)\.\w+/;

const shown = (...inputs: string[]) => [
  'Name',
  'User pool',
  'Flow',
  ...inputs,
  'Access token to',
  'ID token to',
  'Renewals',
  'send each new token in a message of its own',
];
const byPassword = shown('Username', 'Password', 'TOTP secret');

describe('in the editor, the token node', function () {
  this.bail(true); // each step goes on from the one before
  let editor: Editor;
  let id: string;

  const plain = (name: string) => editor.page.locator(`#node-input-${name}`);
  const place = (name: string) => editor.page.locator(`#cognito-place-${name}`);
  const tip = () => editor.page.locator('#cognito-tip-elsewhere');
  const isWrong = (name: string) => editor.page.locator(`#node-input-${name}.input-error`).count();

  const setPlace = async (name: string, path: string): Promise<void> => {
    await place(name).fill(path);
    await place(name).dispatchEvent('keyup');
    await place(name).blur();
  };
  const setNumber = async (name: string, value: string): Promise<void> => {
    await plain(name).fill(value);
    await plain(name).blur();
  };

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

  it('can be drawn into a flow, with an icon of its own', async () => {
    const icon = editor.palette(token).locator('.red-ui-palette-icon');
    (await icon.evaluate((element) => element.outerHTML)).should.containEql(`${token}.svg`);
    id = await editor.add(token, 200, 100);
    await editor.page.locator(`[id="${id}"] .red-ui-flow-port-output`).count().should.be.fulfilledWith(2);
    await editor.screenshot('flow-token');
  });

  it('asks for an account, and where the tokens go', async () => {
    await editor.open(id);
    await editor.openPool('add');
    await editor.page.locator('#node-config-input-userPoolId').fill('eu-west-1_AbCdEfGhI');
    await editor.page.locator('#node-config-input-clientId').fill('1example23456789');
    await editor.unfold();
    await editor.page.locator('#node-config-input-endpoint').fill('http://127.0.0.1:9'); // where nothing answers
    await editor.donePool();
    (await editor.labels()).should.eql(byPassword);
    (await place('accessTokenTo').inputValue()).should.equal('headers.Authorization');
    (await editor.kinds('username')).should.eql(['msg', 'flow', 'global', 'str', 'jsonata', 'env']);
    (await editor.kinds('password')).should.eql(['cred', 'msg', 'flow', 'global', 'jsonata', 'env']);
    (await editor.isWrong('username')).should.be.true();
    for (const label of byPassword) {
      const found = await editor.page.locator('.cognito-dialog').getByLabel(label, { exact: true }).count();
      found.should.be.above(0, label);
    }
  });

  it('offers the flows that sign in, on the user pool’s API', async () => {
    (await editor.options('authFlow')).should.eql([
      'ADMIN_USER_PASSWORD_AUTH (default)',
      'ADMIN_USER_PASSWORD_AUTH',
      'ADMIN_NO_SRP_AUTH',
      'USER_SRP_AUTH',
      'USER_AUTH',
      'CUSTOM_AUTH',
    ]);
    (await editor.kinds('authFlow')).should.eql(['authFlow', 'str', 'env']);
    await editor.choose('authFlow', 'USER_AUTH');
    (await editor.labels()).should.eql(shown('Username', 'Password', 'TOTP secret', 'First factor'));
    (await editor.options('preferredChallenge')).should.containDeep(['none in particular', 'PASSWORD_SRP']);
    await tip().isVisible().should.be.fulfilledWith(false);
    await editor.choose('authFlow', 'CUSTOM_AUTH');
    (await editor.labels()).should.eql(shown('Username', 'Password', 'TOTP secret', 'Answer'));
    await editor.choose('authFlow', 'USER_SRP_AUTH');
    (await editor.labels()).should.eql(byPassword);
  });

  it('needs a username or a refresh token, and says what it does without a password', async () => {
    await tip().waitFor();
    await editor.screenshot(`${token}-new`);
    await editor.unfold();
    await editor.fill('refreshToken', secrets.refreshToken);
    (await editor.isWrong('username')).should.be.false();
    await tip().isVisible().should.be.fulfilledWith(false);
    await editor.fill('refreshToken', '');
    (await editor.isWrong('username')).should.be.true();
    await editor.fill('username', 'gateway');
    (await editor.isWrong('username')).should.be.false();
    await tip().waitFor();
    await editor.fill('password', secrets.password);
    await tip().isVisible().should.be.fulfilledWith(false);
    await editor.fill('totpSecret', secrets.totpSecret);
  });

  it('wants one place for each token', async () => {
    await setPlace('accessTokenTo', '');
    (await isWrong('accessTokenTo')).should.equal(1);
    await setPlace('idTokenTo', 'headers[X-Id-Token]');
    (await isWrong('idTokenTo')).should.equal(1);
    await setPlace('idTokenTo', 'headers["X-Id-Token"]');
    (await isWrong('idTokenTo')).should.equal(0);
    (await isWrong('accessTokenTo')).should.equal(0);
    await setPlace('accessTokenTo', 'headers["X-Id-Token"]');
    (await isWrong('accessTokenTo')).should.equal(1);
    await setPlace('accessTokenTo', 'broker.password');
    (await isWrong('accessTokenTo')).should.equal(0);
  });

  it('sends renewals only for an account of its own', async () => {
    await plain('sendOnRenewal').check();
    (await isWrong('sendOnRenewal')).should.equal(0);
    await editor.setKind('username', 'msg');
    await editor.fill('username', 'payload.username');
    (await isWrong('sendOnRenewal')).should.equal(1);
    await editor.screenshot(`${token}-wrong`);
    await editor.setKind('username', 'str');
    await editor.fill('username', 'gateway');
    (await isWrong('sendOnRenewal')).should.equal(0);
  });

  it('wants numbers above 0', async () => {
    for (const name of ['maxWaiting', 'maxWait']) {
      const before = await plain(name).inputValue();
      for (const wrong of ['0', '-1', 'soon', '']) {
        await setNumber(name, wrong);
        (await isWrong(name)).should.equal(1, `${name}: ${wrong}`);
      }
      await setNumber(name, before);
      (await isWrong(name)).should.equal(0);
    }
    await setNumber('maxWait', '60');
    (await editor.labels()).should.containDeep(['Refresh token', 'Extra parameters', 'Client metadata']);
    await editor.screenshot(`${token}-advanced`);
    (await editor.page.locator('.cognito-dialog').innerText()).should.not.match(rawKey);
  });

  it('comes back as it was left, without its secrets', async () => {
    const saved = {
      authFlow: 'USER_SRP_AUTH',
      authFlowType: 'authFlow',
      username: 'gateway',
      usernameType: 'str',
      password: '',
      passwordType: 'cred',
      accessTokenTo: 'broker.password',
      idTokenTo: 'headers["X-Id-Token"]',
      sendOnRenewal: true,
    };
    await editor.done();
    (await editor.node(id)).should.have.properties({ ...saved, valid: true });
    await editor.deploy();
    await editor.load();
    (await editor.node(id)).should.have.properties({ ...saved, valid: true });
    await editor.open(id);
    (await place('accessTokenTo').inputValue()).should.equal(saved.accessTokenTo);
    (await place('idTokenTo').inputValue()).should.equal(saved.idTokenTo);
    (await plain('sendOnRenewal').isChecked()).should.be.true();
    (await plain('maxWait').inputValue()).should.equal('60');
    (await editor.field('password').inputValue()).should.not.equal('');
    (await editor.isWrong('username')).should.be.false();
    await editor.done();
    for (const secret of Object.values(secrets)) {
      (await editor.exported(id)).should.not.containEql(secret);
      (await editor.flows()).should.not.containEql(secret);
    }
    const credentials = await fetch(`${editor.nodeRed.url}/credentials/${token}/${id}`);
    ((await credentials.json()) as object).should.have.properties({ has_password: true, has_refreshToken: false });
  });

  it('says which setting is wrong where the node is drawn', async () => {
    await editor.open(id);
    await editor.unfold();
    await setNumber('maxWait', '0');
    await editor.setKind('username', 'msg');
    await editor.fill('username', 'payload.username');
    await setPlace('accessTokenTo', '');
    await setPlace('idTokenTo', '');
    await editor.done();
    const { valid, validationErrors } = await editor.node(id);
    valid.should.be.false();
    const reasons = JSON.stringify(validationErrors);
    for (const reason of [
      'Access token to / ID token to is missing',
      'Max. wait: a number above 0',
      'no input may differ from message to message, as here Username',
    ]) {
      reasons.should.containEql(reason);
    }
  });

  for (const type of ['cognito-initiate-auth', 'cognito-respond-to-challenge', 'cognito-mfa-setup']) {
    it(`gets tokens of ${type}, where that is ticked`, async () => {
      const giver = await editor.add(type, 200, 300);
      const [{ id: userPool } = { id: '' }] = await editor.nodes(pool);
      await editor.open(giver);
      await plain('userPool').selectOption(userPool);
      await editor.unfold();
      await editor.page.getByLabel('remember for token nodes', { exact: true }).check();
      await editor.screenshot(`${type}-remembers`);
      await editor.done();
      (await editor.node(giver)).should.have.property('rememberTokens', true);
      await editor.page.locator(`[id="${giver}"]`).click();
      await editor.page.keyboard.press('Delete');
    });
  }

  it('has its help in full', async () => {
    const help = await editor.help(token);
    await help.getByText('References').waitFor();
    (await help.innerText()).should.match(/Details/).and.not.match(rawKey);
    await editor.screenshot(`${token}-help`);
    // The sidebar cuts off what is wider than itself, and scrolls to it only when asked.
    const { needed, there } = await help.evaluate(({ scrollWidth, clientWidth }) => ({
      needed: scrollWidth,
      there: clientWidth,
    }));
    needed.should.be.belowOrEqual(there);
  });

  it('does nothing wrong in the browser', () => {
    editor.problems.should.eql([]);
  });
});
